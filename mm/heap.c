/* The kernel heap of mm/heap.h.
 *
 *   slab page:  | struct slab | object 0 | object 1 | ... | rest |
 *
 * A slab is in its class's list as long as it has a free object.  A free object is a 1 in free_map, and a word of
 * free_map that is not zero is a 1 in summary, both counted from the top. An address that is a multiple of the page
 * size is a large object: slab objects lie behind their header.
 *
 * The last few objects of a class that were freed wait in its hand, and are the next to be given out; for their slab
 * they are taken.  heap_settle puts them back, so that empty slab pages can go.
 */
#include "mm/heap.h"

#include <string.h>

#include "arch/static.h"
#include "include/list.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "mm/page.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(address, bytes)   ASAN_POISON_MEMORY_REGION(address, bytes)
#define UNPOISON(address, bytes) ASAN_UNPOISON_MEMORY_REGION(address, bytes)
#else
#define POISON(address, bytes)   ((void)0)
#define UNPOISON(address, bytes) ((void)0)
#endif

#define HAND           4u          /* objects of a class that wait in its hand at most */
#define HAND_MARK      0x9e3779b9u /* first word of an object in the hand; an object of a user may begin like that, too */
#define HAND_MARK_ROOM 8u
#define MAP_WORDS      8u /* 256 objects of 16 bytes would be a page */

struct slab {
    struct list link;
    uint32_t summary;
    uint32_t free_map[MAP_WORDS];
    uint16_t free; /* objects */
    uint8_t number_of_class;
};

#define HEADER_BYTES ((sizeof(struct slab) + 15) & ~(size_t)15)

struct heap_class {
    struct list slabs;   /* those with a free object */
    uint32_t free;       /* objects, in all slabs */
    uint32_t total;      /* objects, free or not */
    uint32_t reciprocal; /* offset * reciprocal >> 16 is exactly offset / size for multiples of size below a page */
    uint16_t size;
    uint16_t objects; /* in a slab */
    uint32_t held;    /* objects in the hand */
    void *hand[HAND];
} __attribute__((aligned(64)));

/* They divide what the header leaves of a page well. */
static const uint16_t sizes[] = {16, 32, 48, 64, 96, 128, 192, 256, 336, 496, 672, 1008, 1344, HEAP_SMALL_MAX};

_Static_assert(MAP_WORDS * 32 * 16 >= PAGE_SIZE, "free map covers a page of the smallest objects");
_Static_assert(HEADER_BYTES + 2 * HEAP_SMALL_MAX <= PAGE_SIZE, "two of the largest class fit");

static struct {
    struct heap_class classes[ARRAY_COUNT(sizes)];
    uint8_t class_of[HEAP_SMALL_MAX / 16 + 1]; /* by size in units of 16 bytes, rounded up */
    uint32_t large_objects;
    uint32_t pages;
} heap;

COLD void heap_init(void) {
    unsigned number = 0;
    for (uint32_t units = 0; units < sizeof(heap.class_of); units++) {
        if (units * 16 > sizes[number]) {
            number++;
        }
        heap.class_of[units] = (uint8_t)number;
    }
    for (unsigned i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct heap_class *class = &heap.classes[i];
        list_init(&class->slabs);
        class->free = 0;
        class->total = 0;
        class->held = 0;
        class->size = sizes[i];
        class->objects = (uint16_t)((PAGE_SIZE - HEADER_BYTES) / sizes[i]);
        class->reciprocal = (0x10000u + sizes[i] - 1) / sizes[i];
    }
    heap.large_objects = 0;
    heap.pages = 0;
}

/* A new slab page with every object free, in the class's list.  False: no memory. */
static COLD bool slab_create(unsigned number) {
    struct heap_class *class = &heap.classes[number];
    uint32_t pa = page_alloc_charged(0, PAGE_USE_HEAP);
    if (pa == PAGE_NONE) {
        return false;
    }
    struct slab *slab = static_va(pa);
    memset(slab, 0, sizeof(*slab));
    for (uint32_t i = 0; i < class->objects; i += 32) {
        uint32_t in_word = min_u32(class->objects - i, 32);
        slab->free_map[i / 32] = 0xffffffffu << (32 - in_word);
        slab->summary |= 0x80000000u >> (i / 32);
    }
    slab->free = class->objects;
    slab->number_of_class = (uint8_t)number;
    POISON((char *)slab + HEADER_BYTES, PAGE_SIZE - HEADER_BYTES);
    preempt_disable();
    list_append(&class->slabs, &slab->link);
    class->free += class->objects;
    class->total += class->objects;
    heap.pages++;
    preempt_enable();
    return true;
}

/* Takes an empty slab off its class: nobody finds it any more.  Preemption is off. */
static void slab_detach(struct heap_class *class, struct slab *slab) {
    list_remove(&slab->link);
    class->free -= slab->free;
    class->total -= slab->free;
    heap.pages--;
}

/* Gives the page of a detached slab back. */
static COLD void slab_destroy(struct slab *slab) {
    UNPOISON(slab, PAGE_SIZE);
    page_free_charged(static_pa(slab), 0);
}

/* Takes a free object of a slab that has one.  Preemption is off. */
static inline void *object_take(struct heap_class *class, struct slab *slab) {
    unsigned word = (unsigned)__builtin_clz(slab->summary);
    unsigned bit = (unsigned)__builtin_clz(slab->free_map[word]);
    uint32_t left = slab->free_map[word] & ~(0x80000000u >> bit);
    slab->free_map[word] = left;
    if (left == 0) {
        slab->summary &= ~(0x80000000u >> word);
        if (slab->summary == 0) {
            list_remove(&slab->link); /* all taken */
        }
    }
    slab->free--;
    class->free--;
    return (char *)slab + HEADER_BYTES + (word * 32 + bit) * class->size;
}

/* No slab of the class has a free object: makes one. */
static COLD void *small_alloc(unsigned number) {
    struct heap_class *class = &heap.classes[number];
    void *object = NULL;
    while (object == NULL && slab_create(number)) {
        preempt_disable();
        if (!list_empty(&class->slabs)) { /* another thread may have taken all of it */
            object = object_take(class, LIST_FIRST(&class->slabs, struct slab, link));
        }
        preempt_enable();
    }
    return object;
}

static COLD void *large_alloc(uint32_t bytes) {
    uint32_t last_page = (bytes - 1) >> PAGE_SHIFT;
    unsigned order = last_page == 0 ? 0 : 32u - (unsigned)__builtin_clz(last_page);
    uint32_t pa = bytes - 1 < HEAP_LARGE_MAX ? page_alloc_charged(order, PAGE_USE_HEAP) : PAGE_NONE;
    if (pa == PAGE_NONE) {
        return NULL;
    }
    preempt_disable();
    heap.pages += 1u << order;
    heap.large_objects++;
    preempt_enable();
    return static_va(pa);
}

/* The hand is empty.  Preemption is off, and on again afterwards. */
static __attribute__((noinline)) void *slab_alloc(struct heap_class *class) {
    void *object;
    if (list_empty(&class->slabs)) {
        preempt_enable();
        object = small_alloc((unsigned)(class - heap.classes));
    } else {
        object = object_take(class, LIST_FIRST(&class->slabs, struct slab, link));
        preempt_enable();
    }
    if (object != NULL) {
        UNPOISON(object, class->size);
        *(uint32_t *)object = 0; /* small_free looks at it, and no memory is read that was never stored to */
    }
    return object;
}

void *heap_alloc(uint32_t bytes) {
    if (bytes - 1 >= HEAP_SMALL_MAX) {
        return large_alloc(bytes);
    }
    struct heap_class *class = &heap.classes[heap.class_of[(bytes + 15) / 16]];
    preempt_disable();
    uint32_t held = class->held;
    if (held == 0) {
        return slab_alloc(class);
    }
    void *object = class->hand[held - 1];
    class->held = held - 1;
    preempt_enable();
    UNPOISON(object, class->size);
    return object;
}

void *heap_alloc_zero(uint32_t bytes) {
    void *object = heap_alloc(bytes);
    if (object != NULL) {
        memset(object, 0, bytes);
    }
    return object;
}

static COLD void large_free(void *object) {
    if (object == NULL) {
        return;
    }
    uint32_t pa = static_pa(object);
    unsigned order = page_order(pa);
    preempt_disable();
    heap.pages -= 1u << order;
    heap.large_objects--;
    preempt_enable();
    page_free_charged(pa, order);
}

/* A slab has got its first free object, or its last.  Returns true when it is detached and to go.  Preemption is off.
 */
static COLD bool slab_settle(struct heap_class *class, struct slab *slab) {
    if (slab->free == 1) {
        list_insert(&class->slabs, &slab->link);
    }
    uint32_t keep = class->size <= HEAP_STOCK_MAX ? HEAP_LOW_WATER : 0;
    if (slab->free < class->objects || class->free - slab->free < keep) {
        return false;
    }
    slab_detach(class, slab);
    return true;
}

/* Whether an object waits in its class's hand already. */
static inline bool hand_has(const struct heap_class *class, const void *object) {
    for (uint32_t i = 0; i < class->held; i++) {
        if (class->hand[i] == object) {
            return true;
        }
    }
    return false;
}

/* Gives an object back to its slab.  Preemption is off.  Returns the slab when it is detached and to go, else NULL. */
static struct slab *object_give(struct heap_class *class, struct slab *slab, uint32_t index) {
    slab->free_map[index / 32] |= 0x80000000u >> (index % 32);
    slab->summary |= 0x80000000u >> (index / 32);
    slab->free++;
    class->free++;
    if (slab->free == 1 || slab->free == class->objects) {
        return slab_settle(class, slab) ? slab : NULL;
    }
    return NULL;
}

static uint32_t index_of(const struct heap_class *class, uint32_t in_page) {
    return ((in_page - (uint32_t)HEADER_BYTES) * class->reciprocal) >> 16;
}

/* The hand is full.  Preemption is off, and on again afterwards. */
static __attribute__((noinline)) void slab_free(struct heap_class *class, struct slab *slab, uint32_t index) {
    struct slab *unused = object_give(class, slab, index);
    preempt_enable();
    if (unused != NULL) {
        slab_destroy(unused);
    }
}

/* Out of line for the sake of the class's address, which is computed once. */
static __attribute__((noinline)) void small_free(struct heap_class *class, void *object, uint32_t in_page,
                                                 struct slab *slab) {
    uint32_t index = index_of(class, in_page);
    preempt_disable();
    /* Else: inside the header, inside an object, not of the heap at all, or freed twice. */
    ASSERT(index < class->objects && index * class->size + HEADER_BYTES == in_page &&
           (slab->free_map[index / 32] & 0x80000000u >> (index % 32)) == 0 &&
           (*(const uint32_t *)object != HAND_MARK || !hand_has(class, object)));
    uint32_t held = class->held;
    POISON((char *)object + HAND_MARK_ROOM, class->size - HAND_MARK_ROOM);
    if (held == HAND) {
        slab_free(class, slab, index);
        return;
    }
    class->hand[held] = object;
    *(uint32_t *)object = HAND_MARK;
    class->held = held + 1;
    preempt_enable();
}

void heap_free(void *object) {
    uint32_t in_page = (uint32_t)((uintptr_t)object % PAGE_SIZE);
    if (in_page == 0) {
        large_free(object);
        return;
    }
    struct slab *slab = (struct slab *)(void *)((char *)object - in_page);
    ASSERT(slab->number_of_class < ARRAY_COUNT(sizes));
    small_free(&heap.classes[slab->number_of_class], object, in_page, slab);
}

COLD void heap_settle(void) {
    for (unsigned i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct heap_class *class = &heap.classes[i];
        for (unsigned taken = 0; taken < HAND && class->held != 0; taken++) {
            struct slab *unused = NULL;
            preempt_disable();
            if (class->held != 0) {
                class->held--;
                uint32_t in_page = (uint32_t)((uintptr_t) class->hand[class->held] % PAGE_SIZE);
                struct slab *slab = (struct slab *)(void *)((char *)class->hand[class->held] - in_page);
                unused = object_give(class, slab, index_of(class, in_page));
            }
            preempt_enable();
            if (unused != NULL) {
                slab_destroy(unused);
            }
        }
    }
}

COLD void heap_replenish(void) {
    for (unsigned i = 0; i < ARRAY_COUNT(sizes) && sizes[i] <= HEAP_STOCK_MAX; i++) {
        if (heap.classes[i].free < HEAP_LOW_WATER && !slab_create(i)) {
            return;
        }
    }
}

COLD void heap_trim(void) {
    heap_settle();
    for (unsigned i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct heap_class *class = &heap.classes[i];
        /* Once round the list, one slab at a time. */
        for (uint32_t slabs = class->total / class->objects; slabs > 0; slabs--) {
            struct slab *unused = NULL;
            preempt_disable();
            if (!list_empty(&class->slabs)) {
                struct slab *slab = LIST_FIRST(&class->slabs, struct slab, link);
                if (slab->free == class->objects) {
                    slab_detach(class, slab);
                    unused = slab;
                } else {
                    list_remove(&slab->link);
                    list_append(&class->slabs, &slab->link);
                }
            }
            preempt_enable();
            if (unused != NULL) {
                slab_destroy(unused);
            }
        }
    }
}

COLD uint32_t heap_object_count(void) {
    uint32_t objects = heap.large_objects;
    for (unsigned i = 0; i < ARRAY_COUNT(sizes); i++) {
        objects += heap.classes[i].total - heap.classes[i].free - heap.classes[i].held;
    }
    return objects;
}

uint32_t heap_page_count(void) {
    return heap.pages;
}
