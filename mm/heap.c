/* The kernel heap of mm/heap.h.
 *
 *   slab page:  | struct slab | object 0 | object 1 | ... | rest |
 *
 * A slab is in its class's list partial (some objects free), in its list empty (all free), or in none (all taken).  A
 * free object is a 1 in free_map, and a word of free_map that is not zero is a 1 in summary, both counted from the top.
 * An address that is a multiple of the page size is a large object: slab objects lie behind their header.
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

#define MAP_WORDS 8u /* 256 objects of 16 bytes would be a page */

struct slab {
    struct list link;
    uint32_t summary;
    uint32_t free_map[MAP_WORDS];
    uint16_t free; /* objects */
    uint8_t number_of_class;
};

#define HEADER_BYTES ((sizeof(struct slab) + 15) & ~(size_t)15)

struct heap_class {
    struct list partial;
    struct list empty;
    uint32_t free; /* objects, in all slabs */
};

/* The sizes divide what the header leaves of a page well.  reciprocal: offset * reciprocal >> 16 is exactly offset /
 * size for multiples of size below a page. */
#define CLASS(bytes)                                                                                                   \
    { bytes, (PAGE_SIZE - HEADER_BYTES) / bytes, (0x10000u + bytes - 1) / bytes }
static const struct {
    uint16_t size;
    uint16_t objects;
    uint32_t reciprocal;
} shapes[] = {CLASS(16),  CLASS(32),  CLASS(48),  CLASS(64),  CLASS(96),   CLASS(128),  CLASS(192),
              CLASS(256), CLASS(336), CLASS(496), CLASS(672), CLASS(1008), CLASS(1344), CLASS(2016)};
#undef CLASS

_Static_assert(MAP_WORDS * 32 * 16 >= PAGE_SIZE, "free map covers a page of the smallest objects");
_Static_assert(HEADER_BYTES + 2 * HEAP_SMALL_MAX <= PAGE_SIZE, "two of the largest class fit");

static struct {
    struct heap_class classes[ARRAY_COUNT(shapes)];
    uint8_t class_of[HEAP_SMALL_MAX / 16 + 1]; /* by size in units of 16 bytes, rounded up */
    uint32_t objects;
    uint32_t pages;
} heap;

void heap_init(void) {
    unsigned number = 0;
    for (uint32_t units = 0; units < sizeof(heap.class_of); units++) {
        if (units * 16 > shapes[number].size) {
            number++;
        }
        heap.class_of[units] = (uint8_t)number;
    }
    for (unsigned i = 0; i < ARRAY_COUNT(shapes); i++) {
        list_init(&heap.classes[i].partial);
        list_init(&heap.classes[i].empty);
        heap.classes[i].free = 0;
    }
    heap.objects = 0;
    heap.pages = 0;
}

static void count_pages(uint32_t change) {
    preempt_disable();
    heap.pages += change;
    preempt_enable();
}

/* A new slab page with every object free, in the class's list empty.  False: no memory. */
static bool slab_create(unsigned number) {
    uint32_t pa = page_alloc_charged(0, PAGE_USE_HEAP);
    if (pa == PAGE_NONE) {
        return false;
    }
    struct slab *slab = static_va(pa);
    memset(slab, 0, sizeof(*slab));
    uint32_t objects = shapes[number].objects;
    for (uint32_t i = 0; i < objects; i += 32) {
        uint32_t in_word = min_u32(objects - i, 32);
        slab->free_map[i / 32] = 0xffffffffu << (32 - in_word);
        slab->summary |= 0x80000000u >> (i / 32);
    }
    slab->free = (uint16_t)objects;
    slab->number_of_class = (uint8_t)number;
    POISON((char *)slab + HEADER_BYTES, PAGE_SIZE - HEADER_BYTES);
    preempt_disable();
    list_append(&heap.classes[number].empty, &slab->link);
    heap.classes[number].free += objects;
    heap.pages++;
    preempt_enable();
    return true;
}

/* Gives the page of a slab back that is in no list any more. */
static void slab_destroy(struct slab *slab) {
    UNPOISON(slab, PAGE_SIZE);
    page_free_charged(static_pa(slab), 0);
    count_pages((uint32_t)-1);
}

/* Takes an object of a class, or NULL when no slab has one.  Preemption is off. */
static void *object_take(unsigned number) {
    struct heap_class *class = &heap.classes[number];
    struct slab *slab;
    if (!list_empty(&class->partial)) {
        slab = LIST_FIRST(&class->partial, struct slab, link);
    } else if (!list_empty(&class->empty)) {
        slab = LIST_FIRST(&class->empty, struct slab, link);
        list_remove(&slab->link);
        list_append(&class->partial, &slab->link);
    } else {
        return NULL;
    }
    unsigned word = (unsigned)__builtin_clz(slab->summary);
    unsigned bit = (unsigned)__builtin_clz(slab->free_map[word]);
    slab->free_map[word] &= ~(0x80000000u >> bit);
    if (slab->free_map[word] == 0) {
        slab->summary &= ~(0x80000000u >> word);
    }
    slab->free--;
    class->free--;
    heap.objects++;
    if (slab->free == 0) {
        list_remove(&slab->link);
    }
    return (char *)slab + HEADER_BYTES + (word * 32 + bit) * shapes[number].size;
}

static void *large_alloc(uint32_t bytes) {
    uint32_t last_page = (bytes - 1) >> PAGE_SHIFT;
    unsigned order = last_page == 0 ? 0 : 32u - (unsigned)__builtin_clz(last_page);
    uint32_t pa = page_alloc_charged(order, PAGE_USE_HEAP);
    if (pa == PAGE_NONE) {
        return NULL;
    }
    preempt_disable();
    heap.pages += 1u << order;
    heap.objects++;
    preempt_enable();
    return static_va(pa);
}

void *heap_alloc(uint32_t bytes) {
    if (bytes - 1 >= HEAP_LARGE_MAX) {
        return NULL;
    }
    if (bytes > HEAP_SMALL_MAX) {
        return large_alloc(bytes);
    }
    unsigned number = heap.class_of[(bytes + 15) / 16];
    for (;;) {
        preempt_disable();
        void *object = object_take(number);
        preempt_enable();
        if (object != NULL) {
            UNPOISON(object, shapes[number].size);
            return object;
        }
        if (!slab_create(number)) {
            return NULL;
        }
    }
}

void *heap_alloc_zero(uint32_t bytes) {
    void *object = heap_alloc(bytes);
    if (object != NULL) {
        memset(object, 0, bytes);
    }
    return object;
}

static void large_free(void *object) {
    uint32_t pa = static_pa(object);
    unsigned order = page_order(pa);
    preempt_disable();
    heap.pages -= 1u << order;
    heap.objects--;
    preempt_enable();
    page_free_charged(pa, order);
}

/* Marks an object free.  Returns true when that leaves a slab that is to go; it is in no list then.  Preemption is
 * off. */
static bool object_put(struct slab *slab, void *object) {
    unsigned number = slab->number_of_class;
    ASSERT(number < ARRAY_COUNT(shapes));
    struct heap_class *class = &heap.classes[number];
    uint32_t offset = (uint32_t)((char *)object - (char *)slab) - (uint32_t)HEADER_BYTES;
    uint32_t index = (offset * shapes[number].reciprocal) >> 16;
    uint32_t bit = 0x80000000u >> (index % 32);
    uint32_t *word = &slab->free_map[index / 32 % MAP_WORDS];
    ASSERT(index < shapes[number].objects && index * shapes[number].size == offset);
    ASSERT((*word & bit) == 0); /* else freed twice */
    *word |= bit;
    slab->summary |= 0x80000000u >> (index / 32);
    slab->free++;
    class->free++;
    heap.objects--;
    if (slab->free < shapes[number].objects) {
        if (slab->free == 1) {
            list_append(&class->partial, &slab->link);
        }
        return false;
    }
    list_remove(&slab->link); /* harmless when it was in none: full slabs link to themselves */
    uint32_t keep = shapes[number].size <= HEAP_STOCK_MAX ? HEAP_LOW_WATER : 0;
    if (class->free - slab->free < keep) {
        list_append(&class->empty, &slab->link);
        return false;
    }
    class->free -= slab->free;
    return true;
}

void heap_free(void *object) {
    if (object == NULL) {
        return;
    }
    uintptr_t in_page = (uintptr_t)object % PAGE_SIZE;
    if (in_page == 0) {
        large_free(object);
        return;
    }
    struct slab *slab = (struct slab *)(void *)((char *)object - in_page);
    ASSERT(in_page >= HEADER_BYTES);
    preempt_disable();
    bool unused = object_put(slab, object);
    POISON(object, shapes[slab->number_of_class].size);
    preempt_enable();
    if (unused) {
        slab_destroy(slab);
    }
}

void heap_replenish(void) {
    for (unsigned i = 0; i < ARRAY_COUNT(shapes) && shapes[i].size <= HEAP_STOCK_MAX; i++) {
        if (heap.classes[i].free < HEAP_LOW_WATER && !slab_create(i)) {
            return;
        }
    }
}

void heap_trim(void) {
    for (unsigned i = 0; i < ARRAY_COUNT(shapes); i++) {
        struct heap_class *class = &heap.classes[i];
        for (;;) {
            preempt_disable();
            if (list_empty(&class->empty)) {
                preempt_enable();
                break;
            }
            struct slab *slab = LIST_FIRST(&class->empty, struct slab, link);
            list_remove(&slab->link);
            class->free -= slab->free;
            preempt_enable();
            slab_destroy(slab);
        }
    }
}

uint32_t heap_object_count(void) {
    return heap.objects;
}

uint32_t heap_page_count(void) {
    return heap.pages;
}
