/* Lists in the order of priority, first come first served within one.
 *
 * The first entry of each priority stands in the list itself; those of the same priority that came later hang on it in
 * a ring.  So inserting looks at each priority once, at most 257 of them, however many entries there are; removing and
 * the first entry take constant time.
 */
#ifndef KERNEL_PLIST_H
#define KERNEL_PLIST_H

#include "include/list.h"

struct plist_node {
    struct list rank;  /* in the list; linked to itself while an earlier entry stands there for its priority */
    struct list peers; /* ring of those of one priority */
    uint32_t priority; /* 0 first; the owner's to set while it is in no list */
};

/* The first entry; the list, which is a plain struct list, must not be empty. */
static inline struct plist_node *plist_first(const struct list *list) {
    return LIST_FIRST(list, struct plist_node, rank);
}

static inline void plist_insert(struct list *list, struct plist_node *node) {
    list_init(&node->peers);
    struct list *at = list->next;
    for (; at != list; at = at->next) {
        struct plist_node *other = CONTAINER_OF(at, struct plist_node, rank);
        if (other->priority == node->priority) {
            list_init(&node->rank);
            list_append(&other->peers, &node->peers);
            return;
        }
        if (other->priority > node->priority) {
            break;
        }
    }
    list_append(at, &node->rank); /* before at */
}

static inline void plist_remove(struct plist_node *node) {
    if (!list_empty(&node->rank) && !list_empty(&node->peers)) {
        struct plist_node *heir = CONTAINER_OF(node->peers.next, struct plist_node, peers);
        list_insert(&node->rank, &heir->rank);
    }
    list_remove(&node->peers);
    list_remove(&node->rank);
}

/* The same for the first entry of a list, whose own links nobody looks at before it is inserted again. */
static inline void plist_remove_first(struct plist_node *node) {
    if (!list_empty(&node->peers)) {
        plist_remove(node);
    } else {
        node->rank.prev->next = node->rank.next;
        node->rank.next->prev = node->rank.prev;
    }
}

/* The entry behind node; NULL behind the last one. */
static inline struct plist_node *plist_next(const struct list *list, const struct plist_node *node) {
    struct plist_node *peer = CONTAINER_OF(node->peers.next, struct plist_node, peers);
    if (list_empty(&peer->rank)) { /* a later one of the ring, not its first again */
        return peer;
    }
    return peer->rank.next != list ? CONTAINER_OF(peer->rank.next, struct plist_node, rank) : NULL;
}

#endif
