/* operator new and delete for programs without exceptions (the compiler command's default): the C library's malloc, and
 * the end of the program with a line on the console when there is no memory.  With -fexceptions libstdc++'s own are
 * used, which throw std::bad_alloc. */
#include <cstdlib>
#include <new>
#include <unistd.h>

static void *allocate(std::size_t bytes) noexcept {
    return std::malloc(bytes ? bytes : 1);
}

[[noreturn]] static void stop(const char *message, std::size_t length) {
    write(2, message, length);
    std::abort();
}

static void *allocate_or_stop(std::size_t bytes) {
    static const char message[] = "operator new: not enough memory\n";
    void *block = allocate(bytes);
    if (!block) {
        stop(message, sizeof(message) - 1);
    }
    return block;
}

void *operator new(std::size_t bytes) {
    return allocate_or_stop(bytes);
}

void *operator new[](std::size_t bytes) {
    return allocate_or_stop(bytes);
}

void *operator new(std::size_t bytes, const std::nothrow_t &) noexcept {
    return allocate(bytes);
}

void *operator new[](std::size_t bytes, const std::nothrow_t &) noexcept {
    return allocate(bytes);
}

void operator delete(void *block) noexcept {
    std::free(block);
}

void operator delete[](void *block) noexcept {
    std::free(block);
}

void operator delete(void *block, std::size_t) noexcept {
    std::free(block);
}

void operator delete[](void *block, std::size_t) noexcept {
    std::free(block);
}

void operator delete(void *block, const std::nothrow_t &) noexcept {
    std::free(block);
}

void operator delete[](void *block, const std::nothrow_t &) noexcept {
    std::free(block);
}

extern "C" [[noreturn]] void __cxa_pure_virtual();

extern "C" void __cxa_pure_virtual() {
    static const char message[] = "a pure virtual function was called\n";
    stop(message, sizeof(message) - 1);
}
