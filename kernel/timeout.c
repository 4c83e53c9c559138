/* The timeout heap: see timeout.h.  There is room for every thread that can exist, so that inserting cannot fail. */
#include "kernel/timeout.h"
#include "include/panic.h"

static struct thread *heap[THREAD_LIMIT];
static uint32_t count;

static void place(uint32_t index, struct thread *thread) {
    heap[index] = thread;
    thread->timeout_index = index + 1;
}

static void rise(uint32_t index, struct thread *thread) {
    while (index != 0 && thread->deadline < heap[(index - 1) / 2]->deadline) {
        place(index, heap[(index - 1) / 2]);
        index = (index - 1) / 2;
    }
    place(index, thread);
}

static void sink(uint32_t index, struct thread *thread) {
    for (;;) {
        uint32_t child = index * 2 + 1;
        if (child + 1 < count && heap[child + 1]->deadline < heap[child]->deadline) {
            child++;
        }
        if (child >= count || thread->deadline <= heap[child]->deadline) {
            break;
        }
        place(index, heap[child]);
        index = child;
    }
    place(index, thread);
}

void timeout_insert(struct thread *thread, uint64_t deadline) {
    ASSERT(thread->timeout_index == 0 && count < THREAD_LIMIT);
    thread->deadline = deadline;
    count++;
    rise(count - 1, thread);
}

void timeout_take_out(struct thread *thread) {
    uint32_t index = thread->timeout_index - 1;
    thread->timeout_index = 0;
    count--;
    struct thread *last = heap[count];
    if (last == thread) {
        return;
    }
    if (index != 0 && last->deadline < heap[(index - 1) / 2]->deadline) {
        rise(index, last);
    } else {
        sink(index, last);
    }
}

uint64_t timeout_first(void) {
    return count != 0 ? heap[0]->deadline : 0xffffffffffffffffull;
}

struct thread *timeout_first_thread(void) {
    return heap[0];
}
