/* Handle tables against a model: an array that says of each index what is there.
 *
 * A million random operations on three tables: opening, closing, looking up, flags, owned handles, copies into a new
 * table, ends of tables.  Memory fails now and then.  While a table allocates, "another thread" may use it.  SEED and
 * OPERATIONS come from the environment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "include/panic.h"
#include "include/preempt.h"
#include "kernel/handle.h"
#include "mm/heap.h"

#define OBJECTS 64
#define TABLES  3
#define INDICES 0x4000

struct preempt preempt = {.settled = 1};

/* ---- what is below the tables ---- */

static uint64_t random_state;
static unsigned fail_one_in; /* allocations; 0: none fails */
static unsigned blocks, failures, allocations;
static void (*while_allocating)(void);

static uint32_t random_below(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % below);
}

void preempt_switch(void) {
}

void panic(const char *what, const char *file, int line) {
    fprintf(stderr, "panic: %s at %s:%d\n", what, file, line);
    abort();
}

void *heap_alloc(uint32_t bytes) {
    void (*other)(void) = while_allocating;
    assert_int_equal(preempt.count, 0);
    allocations++;
    while_allocating = NULL;
    if (other != NULL) {
        other();
    }
    if (fail_one_in != 0 && random_below(fail_one_in) == 0) {
        failures++;
        return NULL;
    }
    blocks++;
    return memset(malloc(bytes), 0xa5, bytes);
}

void heap_free(void *object) {
    assert_int_equal(preempt.count, 0);
    blocks -= object != NULL;
    free(object);
}

static const struct object_type even_type = {.name = "even"}, odd_type = {.name = "odd"};
static struct object objects[OBJECTS];

void object_unref(struct object *object) {
    assert_int_equal(preempt.count, 0);
    assert_true(object->references > 1); /* the last one is the test's */
    object->references--;
}

/* ---- the model ---- */

struct model_entry {
    struct object *object; /* NULL: free */
    uint32_t handle;
    uint32_t owned;
    uint32_t access, flags;
};

static struct model {
    struct handle_table table;
    struct model_entry entries[INDICES];
    uint32_t count;
    uint32_t last[INDICES]; /* handle that was closed last at an index */
} models[TABLES];

static uint32_t index_of(uint32_t handle) {
    return handle >> 2 & (INDICES - 1);
}

static struct model_entry *model_find(struct model *model, uint32_t handle) {
    struct model_entry *entry = &model->entries[index_of(handle)];
    return entry->object != NULL && entry->handle == handle ? entry : NULL;
}

static void model_start(struct model *model) {
    while (handle_table_init(&model->table) != ERROR_SUCCESS) {
    }
    memset(model->entries, 0, sizeof model->entries);
    memset(model->last, 0, sizeof model->last);
    model->count = 0;
}

/* A handle has come out of the table: it is new, and is entered. */
static void model_enter(struct model *model, uint32_t handle, struct object *object, uint32_t access, uint32_t flags) {
    struct model_entry *entry = &model->entries[index_of(handle)];
    assert_null(entry->object);
    assert_true(handle >= 0x10000 && handle < 0x80000000 && (handle & 3) == 0);
    assert_int_not_equal(handle, model->last[index_of(handle)]);
    *entry = (struct model_entry){.object = object, .handle = handle, .access = access, .flags = flags};
    model->count++;
}

static void model_remove(struct model *model, struct model_entry *entry) {
    model->last[index_of(entry->handle)] = entry->handle;
    entry->object = NULL;
    model->count--;
}

/* A handle that is open, mostly; else a stale one or garbage. */
static uint32_t some_handle(const struct model *model) {
    uint32_t indices = HANDLE_FIRST + model->table.capacity;
    for (int tries = 0; tries < 20; tries++) {
        const struct model_entry *entry = &model->entries[random_below(indices)];
        if (entry->object != NULL) {
            return entry->handle;
        }
    }
    uint32_t index = random_below(INDICES);
    switch (random_below(4)) {
    case 0:
        return model->last[index];
    case 1:
        return index << 2 | random_below(4) | random_below(4) << 16;
    case 2:
        return models[random_below(TABLES)].entries[index].handle;
    default:
        return random_below(0x7fffffff) * 2 + random_below(2);
    }
}

static struct object *some_object(void) {
    return &objects[random_below(OBJECTS)];
}

/* ---- operations ---- */

static unsigned openings, refusals, at_limit, growths, inherited, ends;

static void do_open(struct model *model) {
    struct object *object = some_object();
    uint32_t access = random_below(256), flags = random_below(4) == 0;
    uint32_t handle = 0;
    object->references++;
    unsigned failed = failures, before = allocations;
    status_t status = handle_add(&model->table, object, access, flags, &handle);
    openings++;
    if (status == ERROR_SUCCESS) {
        model_enter(model, handle, object, access, flags);
        growths += allocations != before;
        return;
    }
    object->references--;
    refusals++;
    if (status == ERROR_TOO_MANY_OPEN_FILES) {
        assert_int_equal(model->count, HANDLE_LIMIT);
        at_limit++;
    } else {
        assert_int_equal(status, ERROR_NOT_ENOUGH_MEMORY);
        assert_int_not_equal(failures, failed);
    }
}

static void do_close(struct model *model) {
    uint32_t handle = some_handle(model);
    struct model_entry *entry = model_find(model, handle);
    status_t status = handle_close(&model->table, handle);
    assert_int_equal(status, entry != NULL ? ERROR_SUCCESS : ERROR_INVALID_HANDLE);
    if (entry == NULL) {
        return;
    }
    struct model_entry *owned = entry->owned != 0 ? model_find(model, entry->owned) : NULL;
    model_remove(model, entry);
    if (owned != NULL && owned->object != NULL) {
        model_remove(model, owned);
    }
}

static void do_look(struct model *model) {
    uint32_t handle = some_handle(model);
    const struct object_type *type = random_below(2) ? NULL : &odd_type;
    struct object *object = NULL;
    uint32_t access = 0;
    struct model_entry *entry = model_find(model, handle);
    bool right = entry != NULL && (type == NULL || entry->object->type == type);
    status_t status = handle_lookup(&model->table, handle, type, &object, &access);
    assert_int_equal(status, right ? ERROR_SUCCESS : ERROR_INVALID_HANDLE);
    if (right) {
        assert_ptr_equal(object, entry->object);
        assert_int_equal(access, entry->access);
        object->references--;
    }
}

static void do_flags(struct model *model) {
    uint32_t handle = some_handle(model), mask = random_below(4), flags = random_below(4), now = 99;
    struct model_entry *entry = model_find(model, handle);
    status_t status = handle_set_flags(&model->table, handle, mask, flags, &now);
    assert_int_equal(status, entry != NULL ? ERROR_SUCCESS : ERROR_INVALID_HANDLE);
    if (entry != NULL) {
        entry->flags = (entry->flags & ~mask) | (flags & mask);
        assert_int_equal(now, entry->flags);
    }
}

static void do_own(struct model *model) {
    uint32_t owner = some_handle(model), owned = some_handle(model);
    struct model_entry *entry = model_find(model, owner);
    owned = random_below(4) == 0 ? 0 : owned;
    handle_set_owned(&model->table, owner, owned);
    if (entry != NULL) {
        entry->owned = owned;
    }
}

/* Everything in a table at once is closed, and references and memory are as they were. */
static void do_end(struct model *model) {
    for (uint32_t i = 0; i < INDICES; i++) {
        if (model->entries[i].object != NULL) {
            model_remove(model, &model->entries[i]);
        }
    }
    handle_table_destroy(&model->table);
    uint32_t handle = 0;
    struct object *object = NULL;
    assert_int_equal(handle_add(&model->table, &objects[0], 0, 0, &handle), ERROR_INVALID_PARAMETER);
    assert_int_equal(handle_lookup(&model->table, model->last[HANDLE_FIRST], NULL, &object, NULL),
                     ERROR_INVALID_HANDLE);
    ends++;
}

/* What the model of a new table is after it got the handles of another one. */
static void model_inherit(struct model *model, const struct model *from) {
    for (uint32_t i = 0; i < INDICES; i++) {
        if (from->entries[i].object != NULL && (from->entries[i].flags & ABI_HANDLE_INHERIT) != 0) {
            model->entries[i] = from->entries[i];
            model->count++;
            inherited++;
        }
    }
    for (uint32_t i = 0; i < INDICES; i++) {
        struct model_entry *entry = &model->entries[i];
        if (entry->object != NULL && entry->owned != 0 && model_find(model, entry->owned) == NULL) {
            entry->owned = 0;
        }
    }
}

/* One table ends, and is made anew with what another one leaves to it. */
static void do_inherit(struct model *model, struct model *from) {
    if (model == from) {
        return;
    }
    do_end(model);
    model_start(model);
    unsigned failed = failures;
    status_t status = handle_table_inherit(&model->table, &from->table);
    if (status == ERROR_SUCCESS) {
        model_inherit(model, from);
        return;
    }
    assert_int_equal(status, ERROR_NOT_ENOUGH_MEMORY);
    assert_int_not_equal(failures, failed);
    handle_table_destroy(&model->table);
    model_start(model);
}

static struct model *other_model;

static void other_thread(void) {
    for (int i = 0; i < 3; i++) {
        do_open(other_model);
        do_close(other_model);
        do_open(other_model);
    }
}

/* ---- the run ---- */

static void check_all(void) {
    uint32_t references[OBJECTS] = {0};
    uint32_t total = 0;
    for (int t = 0; t < TABLES; t++) {
        struct model *model = &models[t];
        assert_int_equal(model->table.count, model->count);
        total += model->count;
        for (uint32_t i = 0; i < INDICES; i++) {
            struct model_entry *expected = &model->entries[i];
            if (expected->object == NULL) {
                continue;
            }
            struct handle_entry *entry = handle_entry(&model->table, expected->handle);
            assert_non_null(entry);
            assert_ptr_equal(entry->object, expected->object);
            assert_int_equal(entry->owned, expected->owned);
            assert_int_equal(entry->access, expected->access);
            assert_int_equal(entry->flags, expected->flags);
            references[expected->object - objects]++;
        }
    }
    for (int i = 0; i < OBJECTS; i++) {
        assert_int_equal(objects[i].references, references[i] + 1);
    }
    assert_int_equal(handle_total_count(), total);
    assert_int_equal(preempt.count, 0);
}

static void operate(uint32_t opens_in_ten) {
    struct model *model = &models[random_below(TABLES)];
    if (random_below(30000) == 0) {
        do_inherit(model, &models[random_below(TABLES)]);
        return;
    }
    uint32_t what = random_below(20);
    if (what < 10) {
        other_model = model;
        while_allocating = random_below(2) ? other_thread : NULL;
        (what < opens_in_ten ? do_open : do_close)(model);
        while_allocating = NULL;
    } else if (what < 15) {
        do_look(model);
    } else {
        (what < 18 ? do_flags : do_own)(model);
    }
}

static uint32_t from_environment(const char *name, uint32_t otherwise) {
    const char *given = getenv(name);
    return given != NULL ? (uint32_t)strtoul(given, NULL, 0) : otherwise;
}

static void objects_start(void) {
    for (int i = 0; i < OBJECTS; i++) {
        objects[i] = (struct object){.type = i % 2 ? &odd_type : &even_type, .references = 1};
    }
}

static void test_model(void **state) {
    uint32_t operations = from_environment("OPERATIONS", 1000000), seed = from_environment("SEED", 1);
    (void)state;
    random_state = seed;
    objects_start();
    for (int t = 0; t < TABLES; t++) {
        model_start(&models[t]);
    }
    fail_one_in = 4;
    for (uint32_t i = 0; i < operations; i++) {
        operate(i / 100000 % 2 ? 2 : 9); /* they fill, and they empty */
        if (i % 20000 == 0) {
            check_all();
        }
    }
    check_all();
    print_message("# seed %u: %u opened, %u refused (%u at the limit), %u growths, %u inherited, %u ends\n", seed,
                  openings, refusals, at_limit, growths, inherited, ends);
    assert_true(refusals > at_limit && at_limit > 0 && growths > 10 && inherited > 100);
    for (int t = 0; t < TABLES; t++) {
        do_end(&models[t]);
    }
    assert_int_equal(blocks, 0);
    for (int i = 0; i < OBJECTS; i++) {
        assert_int_equal(objects[i].references, 1);
    }
}

/* Every place is used, and each once, up to the limit; and all of it is inherited. */
static void test_limit(void **state) {
    static uint32_t handles[HANDLE_LIMIT];
    static bool seen[INDICES];
    struct handle_table *table = &models[0].table, *child = &models[1].table;
    uint32_t handle;
    (void)state;
    fail_one_in = 0;
    objects_start();
    assert_int_equal(handle_table_init(table), ERROR_SUCCESS);
    assert_int_equal(handle_table_init(child), ERROR_SUCCESS);
    for (uint32_t i = 0; i < HANDLE_LIMIT; i++) {
        objects[0].references++;
        assert_int_equal(handle_add(table, &objects[0], 0, ABI_HANDLE_INHERIT, &handles[i]), ERROR_SUCCESS);
        assert_false(seen[index_of(handles[i])]);
        seen[index_of(handles[i])] = true;
    }
    assert_int_equal(handle_create(table, &objects[0], 0, &handle), ERROR_TOO_MANY_OPEN_FILES);
    assert_int_equal(handle_table_inherit(child, table), ERROR_SUCCESS);
    assert_int_equal(objects[0].references, 2 * HANDLE_LIMIT + 1);
    assert_int_equal(handle_create(child, &objects[0], 0, &handle), ERROR_TOO_MANY_OPEN_FILES);
    for (uint32_t i = 0; i < HANDLE_LIMIT; i++) {
        assert_int_equal(handle_close(child, handles[i]), ERROR_SUCCESS);
    }
    assert_int_equal(child->count, 0);
    handle_table_destroy(child);
    handle_table_destroy(table);
    assert_int_equal(objects[0].references, 1);
    assert_int_equal(blocks, 0);
}

/* A generation is used again after 0x7fff others, not before. */
static void test_generations(void **state) {
    struct handle_table *table = &models[0].table;
    uint32_t first = 0, handle = 0, rounds = 0;
    (void)state;
    fail_one_in = 0;
    objects_start();
    assert_int_equal(handle_table_init(table), ERROR_SUCCESS);
    do {
        objects[0].references++;
        assert_int_equal(handle_create(table, &objects[0], 0, &handle), ERROR_SUCCESS);
        assert_int_equal(handle_close(table, handle), ERROR_SUCCESS);
        assert_int_equal(handle_close(table, handle), ERROR_INVALID_HANDLE);
        first = first != 0 ? first : handle;
        rounds++;
    } while (rounds == 1 || handle != first);
    assert_int_equal(rounds, HANDLE_FIRST * 0x7fff + 1);
    handle_table_destroy(table);
    assert_int_equal(blocks, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_generations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
