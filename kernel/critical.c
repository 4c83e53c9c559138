/* Critical sections that are taken: see critical.h. */
#include "kernel/critical.h"
#include "arch/arm/user.h"
#include "include/preempt.h"
#include "kernel/inherit.h"
#include "kernel/wait.h"
#include "mm/heap.h"

#define BUCKETS     64u
#define TRIES       4u /* to find a page that was brought; another thread may take it away */
#define OWNER(word) ((word) & ~ABI_SECTION_WAITERS)

struct critical {
    struct list link; /* in its bucket */
    struct lock lock;
    const struct process *process;
    uint32_t address;
    uint32_t users; /* threads that wait for it, or have just ceased to */
};

static struct list table[BUCKETS]; /* all zero: not begun */

/* ---- the table; preemption is off ---- */

static struct list *bucket_of(const struct process *process, uint32_t address) {
    uint32_t mixed = (address + process->id) * 2654435761u; /* what lies at even distances is spread */
    struct list *bucket = &table[mixed >> 26];
    if (bucket->next == NULL) {
        list_init(bucket);
    }
    return bucket;
}

static struct critical *find(const struct process *process, uint32_t address) {
    LIST_EACH(critical, bucket_of(process, address), struct critical, link) {
        if (critical->address == address && critical->process == process) {
            return critical;
        }
    }
    return NULL;
}

/* ---- the word ---- */

/* With preemption off: fails if the page is not there for it right now. */
static bool word_read(uint32_t address, uint32_t *word) {
    return user_read(word, address, sizeof *word) == 0;
}

static bool word_write(uint32_t address, uint32_t word) {
    return user_write_piece(address, &word, sizeof word) == 0;
}

/* Memory with preemption on: brings the page.  It is not stored to, since another thread may change the word; where a
 * page is there that can be written, the next attempt will do. */
static bool word_touch(uint32_t address) {
    uint32_t word;
    return user_copy_in(&word, address, sizeof word) == ERROR_SUCCESS;
}

/* ---- waiting ---- */

/* The lock of a section that another thread owns, with one more user.  *spare is taken if there was none. */
static struct critical *use(uint32_t address, uint32_t owner, struct critical **spare) {
    const struct process *process = process_current();
    struct critical *critical = find(process, address);
    if (critical == NULL) {
        critical = *spare;
        *spare = NULL;
        lock_init(&critical->lock);
        critical->process = process;
        critical->address = address;
        critical->users = 0;
        list_append(bucket_of(process, address), &critical->link);
    }
    struct thread *thread = thread_find(owner);
    if (thread != NULL && thread->process != process) {
        thread = NULL;
    }
    if (critical->lock.owner != thread) {
        lock_set_owner(&critical->lock, thread);
    }
    critical->users++;
    return critical;
}

/* One user less.  Returns the lock if it is the caller's to free. */
static struct critical *disuse(struct critical *critical) {
    if (--critical->users != 0) {
        return NULL;
    }
    lock_set_owner(&critical->lock, NULL);
    list_remove(&critical->link);
    return critical;
}

/* The stretch in which the word and the queue are changed, and the wait.  False: the page has to be brought first.
 * *spare: room for a lock, NULL once it is used.  *unused: a lock that is the caller's to free now, or NULL. */
static bool wait_once(uint32_t address, struct critical **spare, struct critical **unused, status_t *status) {
    uint32_t own = thread_current->id;
    uint32_t word;
    *status = ERROR_SUCCESS;
    if (!word_read(address, &word)) {
        return false;
    }
    if (OWNER(word) == own) {
        *status = ERROR_POSSIBLE_DEADLOCK;
        return true;
    }
    if (OWNER(word) == 0) { /* left meanwhile, and nobody waits: with waiters it would have been handed on */
        return word_write(address, own);
    }
    if (!word_write(address, word | ABI_SECTION_WAITERS)) {
        return false;
    }
    struct critical *critical = use(address, OWNER(word), spare);
    *status = wait_lock(&critical->lock, true);
    *unused = disuse(critical);
    return true;
}

status_t critical_wait(uint32_t address) {
    status_t status = ERROR_SUCCESS;
    if (!is_aligned(address, sizeof(uint32_t)) || !user_range(address, sizeof(uint32_t))) {
        return ERROR_INVALID_PARAMETER;
    }
    struct critical *unused = NULL;
    struct critical *spare = heap_alloc(sizeof *spare);
    if (spare == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    bool done = false;
    for (uint32_t tries = 0; !done && status == ERROR_SUCCESS; tries++) {
        preempt_disable();
        done = wait_once(address, &spare, &unused, &status);
        preempt_enable();
        if (!done && (tries == TRIES || !word_touch(address))) {
            status = ERROR_INVALID_PARAMETER;
        }
    }
    heap_free(spare);
    heap_free(unused);
    return status;
}

/* ---- leaving ---- */

/* In one stretch: whoever comes next owns the lock, and the word says so. */
static bool leave_once(uint32_t address, status_t *status) {
    uint32_t word;
    *status = ERROR_SUCCESS;
    if (!word_read(address, &word)) {
        return false;
    }
    if (OWNER(word) != thread_current->id) {
        *status = ERROR_NOT_OWNER;
        return true;
    }
    struct critical *critical = find(process_current(), address);
    if (critical == NULL || list_empty(&critical->lock.waiters)) {
        return word_write(address, 0);
    }
    struct plist_node *first = plist_first(&critical->lock.waiters);
    uint32_t next = CONTAINER_OF(first, struct wait_block, node)->thread->id;
    if (plist_next(&critical->lock.waiters, first) != NULL) {
        next |= ABI_SECTION_WAITERS;
    }
    if (!word_write(address, next)) {
        return false;
    }
    (void)wait_lock_pass(&critical->lock);
    return true;
}

status_t critical_leave(uint32_t address) {
    status_t status = ERROR_SUCCESS;
    if (!is_aligned(address, sizeof(uint32_t)) || !user_range(address, sizeof(uint32_t))) {
        return ERROR_INVALID_PARAMETER;
    }
    for (uint32_t tries = 0;; tries++) {
        preempt_disable();
        bool done = leave_once(address, &status);
        preempt_enable();
        if (done) {
            return status;
        }
        if (tries == TRIES || !word_touch(address)) {
            return ERROR_INVALID_PARAMETER;
        }
    }
}
