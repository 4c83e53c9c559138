/* windows.h from C++, constructors and destructors of static objects, new, virtual functions. */
#include <windows.h>
#include <msgqueue.h>
#include <situ.h>
#include <tlhelp32.h>
#include <stdio.h>

namespace {

int constructed;

struct Counted {
    Counted() {
        constructed++;
    }
    virtual ~Counted() {
        printf("# a static object is destroyed\n");
    }
    virtual int value() const {
        return 1;
    }
};

struct Derived : Counted {
    int value() const override {
        return 2;
    }
};

Derived object;

/* Held by whoever is in the block. */
class Guard {
  public:
    explicit Guard(CRITICAL_SECTION &guarded) : section(guarded) {
        EnterCriticalSection(&section);
    }
    ~Guard() {
        LeaveCriticalSection(&section);
    }

  private:
    CRITICAL_SECTION &section;
};

CRITICAL_SECTION guarded;

DWORD WINAPI tries(LPVOID) {
    return static_cast<DWORD>(TryEnterCriticalSection(&guarded));
}

DWORD others_may_enter() {
    HANDLE thread = CreateThread(NULL, 0, tries, NULL, 0, NULL);
    DWORD code = 2;

    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

bool guards() {
    InitializeCriticalSection(&guarded);
    {
        Guard guard(guarded);

        if (others_may_enter() != 0) {
            return false;
        }
    }
    return others_may_enter() == 1;
}

int failed, count;

void check(bool passed, const char *what) {
    count++;
    failed += !passed;
    printf("%s %d - %s\n", passed ? "ok" : "not ok", count, what);
}

} // namespace

int wmain(int argc, wchar_t **argv) {
    Counted *made = new Derived;
    HANDLE file = CreateFile(L"page.txt", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    check(constructed == 2, "static and dynamic objects are constructed");
    check(made->value() == 2 && object.value() == 2, "virtual functions");
    delete made;
    check(file != INVALID_HANDLE_VALUE && CloseHandle(file), "the API");
    check(guards(), "a critical section in a class");
    check(argc == 2 && lstrcmp(argv[1], L"argument") == 0, "wmain and its arguments");
    printf("1..%d\n", count);
    return failed;
}
