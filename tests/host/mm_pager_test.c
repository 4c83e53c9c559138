/* Pager sections: pages read at the first touch, shared, dropped when memory is wanted, media errors. */
#include "fake_mmu.h"

#include <string.h>

#include "include/layout.h"
#include "mm/area.h"
#include "mm/heap.h"
#include "mm/page.h"
#include "mm/view.h"

#define RW (PROT_READ | PROT_WRITE)

static struct space space;
static struct space other;
static const struct view_owner nobody;

/* A file whose bytes tell their place. */
struct file {
    uint32_t reads;
    uint32_t released;
    uint64_t bad; /* reading this page fails; 1: none */
};

static uint8_t byte_of(uint64_t offset) {
    return (uint8_t)(offset * 31 + (offset >> 12) * 17 + 5);
}

static status_t file_page_in(void *context, uint64_t offset, void *page) {
    struct file *file = context;
    file->reads++;
    for (uint32_t i = 0; i < PAGE_SIZE; i++) {
        ((uint8_t *)page)[i] = byte_of(offset + i);
    }
    return offset == file->bad ? ERROR_CRC : ERROR_SUCCESS;
}

static void file_release(void *context) {
    ((struct file *)context)->released++;
}

static const struct pager_ops file_ops = {.page_in = file_page_in, .release = file_release};

static void start(uint32_t pages) {
    fake_start(pages);
    assert_int_equal(space_create(&space), 0);
    assert_int_equal(space_create(&other), 0);
    heap_replenish();
}

static void stop(void) {
    space_destroy(&space);
    space_destroy(&other);
    fake_stop();
}

static uint32_t map(struct space *in, struct section *section) {
    uint32_t va = 0;
    assert_int_equal(view_map(in, section, 0, 0, PROT_READ, nobody, &va), 0);
    return va;
}

static void check(struct space *in, uint32_t va, uint32_t offset) {
    uint8_t *byte;
    assert_int_equal(fake_access(in, va + offset, PROT_READ, &byte), 0);
    assert_int_equal(*byte, byte_of(offset));
}

static void pages_are_read_once(void **state) {
    (void)state;
    struct file file = {.bad = 1};
    struct section *section;
    start(1024);
    uint32_t committed = page_committed_count();
    assert_int_equal(section_create_pager(&file_ops, &file, 0x8001, &section), 0);
    uint32_t va = map(&space, section);
    assert_int_equal(map(&other, section), va);
    uint32_t free_pages = page_free_count();
    assert_int_equal(file.reads, 0);
    check(&space, va, 0x3123);
    check(&space, va, 0x3fff);
    check(&other, va, 0x3000);
    check(&other, va, 0x8000);
    assert_int_equal(file.reads, 2);
    assert_int_equal(page_free_count(), free_pages - 2);
    assert_int_equal(page_committed_count(), committed); /* droppable: not charged */
    assert_int_equal(fake_access(&space, va, PROT_WRITE, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, va + 0x9000, PROT_READ, NULL), ERROR_NOACCESS);
    /* The pages stay with the section. */
    assert_int_equal(view_unmap(&space, va), 0);
    assert_int_equal(view_unmap(&other, va), 0);
    va = map(&space, section);
    check(&space, va, 0x8000);
    assert_int_equal(file.reads, 2);
    uint32_t none;
    assert_int_equal(view_map(&space, section, 0, 0, RW, nobody, &none), ERROR_ACCESS_DENIED);
    section_unref(section);
    assert_int_equal(file.released, 0);
    assert_int_equal(view_unmap(&space, va), 0);
    assert_int_equal(file.released, 1);
    assert_int_equal(section_create_pager(&file_ops, &file, 0, &section), ERROR_INVALID_PARAMETER);
    assert_int_equal(section_create_pager(&file_ops, &file, 1ull << 40, &section), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(file.released, 1);
    stop();
}

static void media_errors(void **state) {
    (void)state;
    struct file file = {.bad = 0x2000};
    struct section *section;
    start(1024);
    assert_int_equal(section_create_pager(&file_ops, &file, 0x5000, &section), 0);
    uint32_t va = map(&space, section);
    assert_int_equal(area_map_copy(&space, 0x100000, 0x4000, section, 0x1000, 0x3000, RW), 0);
    uint32_t free_pages = page_free_count();
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(fake_access(&space, va + 0x2000, PROT_READ, NULL), ERROR_CRC);
        assert_int_equal(fake_access(&space, 0x101000, PROT_WRITE, NULL), ERROR_CRC);
        assert_int_equal(page_free_count(), free_pages);
    }
    check(&space, va, 0x1000);
    file.bad = 1; /* as it was before: the next touch tries again */
    check(&space, va, 0x2000);
    uint8_t *byte;
    assert_int_equal(fake_access(&space, 0x101234, PROT_WRITE, &byte), 0);
    assert_int_equal(*byte, byte_of(0x2234));
    *byte = 0;
    check(&space, va, 0x2234);
    section_unref(section);
    stop();
}

/* Clean pages fill what nobody needs, and go when it is needed: commit is not lessened by them. */
static void clean_pages_make_room(void **state) {
    (void)state;
    struct file files[2] = {{.bad = 1}, {.bad = 1}};
    struct section *sections[2];
    uint32_t views[2];
    start(512);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(section_create_pager(&file_ops, &files[i], 400 * PAGE_SIZE, &sections[i]), 0);
        views[i] = map(&space, sections[i]);
        assert_int_equal(map(&other, sections[i]), views[i]);
    }
    for (uint32_t page = 0; page < 400; page++) {
        for (unsigned i = 0; i < 2; i++) {
            check(&space, views[i], page * PAGE_SIZE);
            check(&other, views[i], page * PAGE_SIZE + 1);
        }
    }
    assert_int_equal(files[0].reads + files[1].reads, 800); /* sequential: none was dropped before its time */
    assert_true(page_free_count() < 32);
    assert_true(sections[0]->resident > 0 && sections[1]->resident > 0);

    uint32_t va = 0;
    uint32_t left = page_commit_limit() - page_committed_count() - 4;
    assert_int_equal(area_reserve(&space, &va, left * PAGE_SIZE, PROT_NONE), 0);
    assert_int_equal(area_commit(&space, va, left * PAGE_SIZE, RW), 0);
    for (uint32_t page = 0; page < left; page++) {
        uint8_t *byte;
        assert_int_equal(fake_access(&space, va + page * PAGE_SIZE, PROT_WRITE, &byte), 0);
        memset(byte, 0x77, PAGE_SIZE);
    }
    assert_true(sections[0]->resident + sections[1]->resident <= 36);
    /* Paging in still proceeds, in the reserve. */
    for (uint32_t page = 0; page < 400; page += 3) {
        check(&other, views[page % 2], page * PAGE_SIZE);
    }
    for (uint32_t page = 0; page < left; page++) {
        uint8_t *byte;
        assert_int_equal(fake_access(&space, va + page * PAGE_SIZE, PROT_READ, &byte), 0);
        assert_int_equal(byte[page], 0x77);
    }
    for (unsigned i = 0; i < 2; i++) {
        section_unref(sections[i]);
    }
    stop();
    assert_true(files[0].released == 1 && files[1].released == 1);
}

/* The heap and a new process get their pages, too, with the lock free and for more than one page at a time. */
static void clean_pages_make_room_for_the_kernel(void **state) {
    (void)state;
    struct file file = {.bad = 1};
    struct section *section;
    start(512);
    assert_int_equal(section_create_pager(&file_ops, &file, 600 * PAGE_SIZE, &section), 0);
    uint32_t va = map(&space, section);
    for (uint32_t page = 0; page < 600; page++) {
        check(&space, va, page * PAGE_SIZE);
    }
    void *objects[40];
    for (unsigned i = 0; i < 40; i++) {
        objects[i] = heap_alloc(i % 4 == 0 ? 5 * PAGE_SIZE : 2000);
        assert_non_null(objects[i]);
    }
    for (uint32_t page = 0; page < 600; page++) {
        check(&space, va, page * PAGE_SIZE);
    }
    struct space third;
    assert_int_equal(space_create(&third), 0);
    space_destroy(&third);
    for (unsigned i = 0; i < 40; i++) {
        heap_free(objects[i]);
    }
    section_unref(section);
    stop();
}

static uint32_t promised; /* address and pages of memory that is committed, with nothing there yet */
static uint32_t promised_pages;

/* Fills RAM with the pages of a section that has no view any more, and promises all that can be promised. */
static struct section *fill_and_promise(struct file *file) {
    struct section *section;
    start(512);
    assert_int_equal(section_create_pager(&file_ops, file, 600 * PAGE_SIZE, &section), 0);
    promised = 0;
    assert_int_equal(area_reserve(&space, &promised, 500 * PAGE_SIZE, PROT_NONE), 0);
    uint32_t va = map(&other, section);
    for (uint32_t page = 0; page < 600; page++) {
        check(&other, va, page * PAGE_SIZE);
    }
    assert_int_equal(view_unmap(&other, va), 0);
    heap_trim();
    promised_pages = page_commit_limit() - page_committed_count();
    assert_true(page_free_count() < 32 && promised_pages > 400);
    assert_int_equal(area_commit(&space, promised, promised_pages * PAGE_SIZE, RW), 0);
    return section;
}

static void touch_promised(void) {
    for (uint32_t page = 0; page < promised_pages; page++) {
        assert_int_equal(fake_access(&space, promised + page * PAGE_SIZE, PROT_WRITE, NULL), 0);
    }
}

/* While a section goes, its pages are either in reach of reclaim or free: others may touch all that they were
 * promised. */
static void a_section_goes_while_others_need_its_pages(void **state) {
    (void)state;
    struct file file = {.bad = 1};
    struct section *section = fill_and_promise(&file);
    fake_after_unlock(touch_promised);
    section_unref(section);
    assert_int_equal(file.released, 1);
    assert_int_equal(space.resident, promised_pages);
    stop();
}

static struct section *leaving;

static void leave(void) {
    section_unref(leaving);
}

/* The same, and somebody wants more than there is, so that no free page waits for the next single one. */
static void leave_and_merge(void) {
    section_unref(leaving);
    assert_int_equal(page_alloc(PAGE_ORDER_MAX, PAGE_USE_USER), PAGE_NONE);
}

/* Reclaim finds nothing left, because the last section went while the lock was waited for: what it had is free. */
static void a_section_goes_while_reclaim_waits(void **state) {
    (void)state;
    void (*const others[])(void) = {leave, leave_and_merge};
    for (unsigned i = 0; i < ARRAY_COUNT(others); i++) {
        struct file file = {.bad = 1};
        uint32_t all[512];
        uint32_t count = 0;
        start(512);
        assert_int_equal(section_create_pager(&file_ops, &file, 8 * PAGE_SIZE, &leaving), 0);
        uint32_t va = map(&space, leaving);
        for (uint32_t page = 0; page < 8; page++) {
            check(&space, va, page * PAGE_SIZE);
        }
        assert_int_equal(view_unmap(&space, va), 0);
        while (page_free_count() > 0) {
            all[count++] = page_alloc(0, PAGE_USE_USER);
        }
        assert_int_equal(leaving->resident, 8);
        fake_before_lock(others[i]);
        all[count] = page_alloc(0, PAGE_USE_USER);
        assert_int_not_equal(all[count++], PAGE_NONE);
        assert_int_equal(file.released, 1);
        while (count > 0) {
            page_free(all[--count], 0);
        }
        stop();
    }
}

/* The page of a kept stack goes before any page that was read. */
static void kept_stacks_go_first(void **state) {
    (void)state;
    struct file file = {.bad = 1};
    struct section *section;
    uint32_t low, high;
    start(512);
    assert_int_equal(section_create_pager(&file_ops, &file, 600 * PAGE_SIZE, &section), 0);
    uint32_t va = map(&space, section);
    assert_int_equal(area_map_stack(&space, AREA_STACK_USUAL, &low, &high, NULL), 0);
    assert_int_equal(fake_access(&space, high - 4, PROT_WRITE, NULL), 0);
    area_end_stack(&space, low);
    uint32_t pages = page_free_count();
    for (uint32_t page = 0; page < pages; page++) {
        check(&space, va, page * PAGE_SIZE);
    }
    assert_int_equal(page_free_count(), 0);
    assert_int_equal(section->resident, pages);
    check(&space, va, pages * PAGE_SIZE);
    assert_int_equal(section->resident, pages - 15); /* sixteen went, one came */
    section_unref(section);
    stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_read_once),
        cmocka_unit_test(media_errors),
        cmocka_unit_test(clean_pages_make_room),
        cmocka_unit_test(kept_stacks_go_first),
        cmocka_unit_test(clean_pages_make_room_for_the_kernel),
        cmocka_unit_test(a_section_goes_while_others_need_its_pages),
        cmocka_unit_test(a_section_goes_while_reclaim_waits),
    };
    return cmocka_run_group_tests_name("mm_pager", tests, NULL, NULL);
}
