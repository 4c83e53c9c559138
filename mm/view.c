/* Views (mm/view.h): checks, the list of an area, and its first and last view.  Which pages and entries that means is
 * in cover.c and cover_in_place.c. */
#include "mm/view_area.h"

#include "include/panic.h"
#include "include/preempt.h"
#include "mm/area_make.h"
#include "mm/arena.h"
#include "mm/heap.h"
#include "mm/lock.h"

static uint32_t views_alive;

/* The area of a section in a space, or NULL. */
static struct area *section_area(const struct space *space, const struct section *section) {
    if (list_empty(&section->areas)) {
        return NULL;
    }
    return area_find(space, section->arena.start);
}

static struct section_room *room_of(struct section *section) {
    return CONTAINER_OF(section, struct section_room, section);
}

/* Memory for an area of a section: the room in it, if that is free. */
static struct area *area_alloc(struct section *section) {
    if (section->own_area_used) {
        return heap_alloc(sizeof(struct area));
    }
    section->own_area_used = true;
    return &room_of(section)->area;
}

static void area_dispose(struct section *section, struct area *area) {
    if (area == &room_of(section)->area) {
        section->own_area_used = false;
    } else {
        heap_free(area);
    }
}

/* Memory for a view of a section: the room in it, if that is free. */
static struct view *view_alloc(struct section *section) {
    if (section->own_view_used) {
        return heap_alloc(sizeof(struct view));
    }
    section->own_view_used = true;
    return &room_of(section)->view;
}

static void view_dispose(struct section *section, struct view *view) {
    if (view == &room_of(section)->view) {
        section->own_view_used = false;
    } else {
        heap_free(view);
    }
}

/* Fills in an area of a section, without views, at the arena range that place names, and enters it in the space. */
static void section_area_enter(struct area *area, struct space *space, struct section *section,
                               const struct range *place) {
    area->range.start = place->start;
    area->range.end = place->end;
    area->range.colour = place->colour;
    area->space = space;
    area->kind = AREA_SECTION;
    area->in_arena = place == &area->arena;
    area->base = place->start;
    area->charged = 0;
    area->faults = 0;
    area->executable = NULL;
    area->section = section;
    list_init(&area->mapped.views);
    list_append(area->in_arena ? &section->aliases : &section->areas, &area->mapped.link);
    range_insert(&space->areas, &area->range);
}

/* Makes the section's area in a space, without views. */
static struct area *section_area_make(struct space *space, struct section *section) {
    struct area *area = area_alloc(section);
    if (area == NULL) {
        return NULL;
    }
    if (list_empty(&section->areas) && !section_place(section)) {
        area_dispose(section, area);
        return NULL;
    }
    area->mapped.first = 0;
    section_area_enter(area, space, section, &section->arena);
    return area;
}

/* Makes a range of the view's own, in which it is mapped alone. */
static COLD struct area *alias_make(struct space *space, struct section *section, const struct view *view,
                                    uint32_t span) {
    struct area *area = area_alloc(section);
    if (area == NULL) {
        return NULL;
    }
    if (!arena_take(&area->arena, span, PAGE_SIZE, section->domain)) {
        area_dispose(section, area);
        return NULL;
    }
    area->mapped.first = (uint32_t)(view->offset >> PAGE_SHIFT);
    section_area_enter(area, space, section, &area->arena);
    return area;
}

static COLD void alias_end(struct area *area) {
    arena_give(&area->arena);
    if (list_empty(&area->section->aliases)) {
        section_recache(area->section);
    }
}

static void section_area_end(struct area *area) {
    struct section *section = area->section;
    ASSERT(list_empty(&area->mapped.views));
    range_remove(&area->space->areas, &area->range);
    area->space->recent = NULL;
    list_remove(&area->mapped.link);
    if (!area->space->mmu.quiet && section->kind != SECTION_IN_PLACE) {
        area_tables_give(area->space, area->range.start, area->range.end);
    }
    if (area->in_arena) {
        alias_end(area);
    } else if (list_empty(&section->areas)) {
        section_displace(section);
    }
    area_dispose(section, area);
}

/* Where in the list of views one that begins at start belongs: the node before it. */
static struct list *view_place(struct area *area, uint32_t start) {
    LIST_EACH(view, &area->mapped.views, struct view, link) {
        if (view->start >= start) {
            return view->link.prev;
        }
    }
    return area->mapped.views.prev;
}

static bool prot_differs(const struct area *area, const struct view *added) {
    LIST_EACH(view, &area->mapped.views, const struct view, link) {
        if (view->start < added->end && view->end > added->start && view->prot != added->prot) {
            return true;
        }
    }
    return false;
}

/* The range of their own in which views of this protection lie and in which this one has room, or NULL: what is mapped
 * again stays where it is, also when nothing is in the way any more. */
static COLD struct area *alias_find(const struct space *space, const struct view *added, uint32_t span) {
    LIST_EACH(area, &added->section->aliases, struct area, mapped.link) {
        uint64_t first = (uint64_t)area->mapped.first << PAGE_SHIFT;
        if (area->space == space && LIST_FIRST(&area->mapped.views, struct view, link)->prot == added->prot &&
            added->offset >= first && added->offset + span <= first + (area->range.end - area->base)) {
            return area;
        }
    }
    return NULL;
}

ALWAYS_INLINE void view_enter(struct area *area, struct view *view) {
    struct space *space = area->space;
    space->recent = area; /* what is mapped is used next */
    list_insert(view_place(area, view->start), &view->link);
    space->view_count++;
    views_alive++;
}

/* Where in an area its view lies. */
ALWAYS_INLINE void view_put(const struct area *area, struct view *view, uint32_t span) {
    view->start = area->base + (uint32_t)view->offset - (area->mapped.first << PAGE_SHIFT);
    view->end = view->start + span;
}

static status_t map_locked(struct space *space, struct view *view) {
    struct section *section = view->section;
    uint32_t span = round_up(view->bytes, PAGE_SIZE);
    status_t status = ERROR_NOT_ENOUGH_MEMORY;
    struct area *area = list_empty(&section->aliases) ? NULL : alias_find(space, view, span);
    bool found = area != NULL;
    if (!found) {
        area = section_area(space, section);
    }
    if (area == NULL) {
        area = section_area_make(space, section);
        if (area == NULL) {
            return status;
        }
    }
    view_put(area, view, span);
    if (prot_differs(area, view)) {
        area = alias_make(space, section, view, span);
        if (area == NULL) {
            return status; /* the other area has views, so it stays */
        }
        view_put(area, view, span);
    }
    status = cover_map(area, view->start, view->end, view->prot);
    if (status == ERROR_SUCCESS) {
        if (area->in_arena && !found && section->aliases.next == section->aliases.prev) {
            section_recache(section); /* the first one */
        }
        view_enter(area, view);
    } else if (list_empty(&area->mapped.views)) {
        section_area_end(area);
    }
    return status;
}

/* Checks what view_map was asked for; on success *bytes is the length. */
static status_t decode(const struct section *section, uint64_t offset, prot_t prot, uint32_t *bytes) {
    if ((offset & (PAGE_SIZE - 1)) != 0) {
        return ERROR_MAPPED_ALIGNMENT;
    }
    if (offset >= section->bytes || *bytes > section->bytes - offset) {
        return ERROR_ACCESS_DENIED;
    }
    if ((prot & PROT_WRITE) != 0 && section->kind != SECTION_RAM) {
        return ERROR_ACCESS_DENIED;
    }
    uint64_t length = *bytes != 0 ? *bytes : section->bytes - offset;
    if (section->bytes > UINT32_MAX - PAGE_SIZE) {
        return ERROR_NOT_ENOUGH_MEMORY; /* more than there is address space */
    }
    *bytes = (uint32_t)length;
    return ERROR_SUCCESS;
}

status_t view_map(struct space *space, struct section *section, uint64_t offset, uint32_t bytes, prot_t prot,
                  struct view_owner owner, uint32_t *va) {
    status_t status = decode(section, offset, prot, &bytes);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    /* Once the lock is gone the view may be, too: another thread may unmap it. */
    uint32_t start = 0;
    if (owner.release == NULL) {
        section_ref(section);
    }
    mm_lock();
    struct view *view = view_alloc(section);
    if (view == NULL) {
        status = ERROR_NOT_ENOUGH_MEMORY;
        goto out;
    }
    view->section = section;
    view->offset = offset;
    view->bytes = bytes;
    view->prot = (prot & PROT_WRITE) != 0 ? prot | PROT_READ : prot;
    view->owner = owner;
    status = map_locked(space, view);
    if (status == ERROR_SUCCESS) {
        start = view->start;
    } else {
        view_dispose(section, view);
    }
out:
    mm_unlock();
    if (status != ERROR_SUCCESS && owner.release == NULL) {
        section_unref(section);
    }
    *va = start;
    return status;
}

/* Drops what a view holds.  Without the mm lock. */
static void view_release(struct view *view) {
    struct section *section = view->section;
    struct view_owner owner = view->owner;
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* the view may be another one as soon as it is given back */
    view_dispose(section, view);
    if (owner.release != NULL) {
        owner.release(owner.object);
    } else {
        section_unref(section);
    }
}

static void view_take_off(struct space *space, struct view *view) {
    list_remove(&view->link);
    space->view_count--;
    views_alive--;
}

/* The newest view that begins at va, or NULL. */
static struct view *view_at(const struct area *area, uint32_t va) {
    if (area == NULL || area->kind != AREA_SECTION) {
        return NULL;
    }
    LIST_EACH(view, &area->mapped.views, struct view, link) {
        if (view->start >= va) {
            return view->start == va ? view : NULL;
        }
    }
    return NULL;
}

const struct view *view_around(const struct area *area, uint32_t va) {
    const struct view *best = NULL;
    LIST_EACH(view, &area->mapped.views, const struct view, link) {
        if (view->start > va) {
            break;
        }
        if (view->end > va && (best == NULL || view->start > best->start)) {
            best = view;
        }
    }
    return best;
}

status_t view_unmap(struct space *space, uint32_t va) {
    mm_lock();
    struct area *area = area_find(space, va);
    struct view *view = view_at(area, va);
    if (view == NULL) {
        mm_unlock();
        return ERROR_INVALID_PARAMETER;
    }
    view_take_off(space, view);
    if (!list_empty(&area->mapped.views) || area->section->kind == SECTION_IN_PLACE) {
        cover_unmap(area, view->start, view->end);
    } else {
        mmu_unmap(&space->mmu, view->start, view->end - view->start, false, NULL, NULL);
    }
    if (list_empty(&area->mapped.views)) {
        section_area_end(area);
    }
    mm_unlock();
    view_release(view);
    return ERROR_SUCCESS;
}

COLD void view_area_clear(struct area *area, struct list *views) {
    struct space *space = area->space;
    uint32_t start = area->range.start;
    uint32_t bytes = area->range.end - start;
    while (!list_empty(&area->mapped.views)) {
        struct view *view = LIST_FIRST(&area->mapped.views, struct view, link);
        view_take_off(space, view);
        list_append(views, &view->link);
    }
    mmu_unmap(&space->mmu, start, bytes, area->section->kind == SECTION_IN_PLACE, NULL, NULL);
    section_area_end(area);
}

void view_release_all(struct list *views) {
    LIST_EACH_SAFE(view, views, struct view, link) {
        view_release(view);
    }
}

COLD void view_enumerate(struct space *space, bool (*visit)(void *context, const struct view_info *info),
                         void *context) {
    bool go_on = true;
    mm_lock();
    struct range *range = range_find_above(&space->areas, 0);
    while (range != NULL && go_on) {
        const struct area *area = CONTAINER_OF(range, struct area, range);
        range = range_find_above(&space->areas, range->end);
        if (area->kind != AREA_SECTION) {
            continue;
        }
        LIST_EACH(view, &area->mapped.views, const struct view, link) {
            struct view_info info = {
                .base = view->start,
                .bytes = view->bytes,
                .offset = view->offset,
                .prot = view->prot,
                .in_place = view->section->kind == SECTION_IN_PLACE,
                .faults = area->faults,
                .owner = view->owner.object,
            };
            go_on = visit(context, &info);
            if (!go_on) {
                break;
            }
        }
    }
    mm_unlock();
}

uint32_t view_count(void) {
    return views_alive;
}
