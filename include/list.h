/* Doubly linked list with a sentinel: an element embeds a struct list, the head is one that links to itself
 * when empty.  No operation allocates or fails. */
#ifndef INCLUDE_LIST_H
#define INCLUDE_LIST_H

#include "include/types.h"

struct list {
    struct list *next;
    struct list *prev;
};

static inline void list_init(struct list *head) {
    head->next = head;
    head->prev = head;
}

static inline bool list_empty(const struct list *head) {
    return head->next == head;
}

/* Inserts node behind where; with the head, at the front. */
static inline void list_insert(struct list *where, struct list *node) {
    node->next = where->next;
    node->prev = where;
    where->next->prev = node;
    where->next = node;
}

static inline void list_append(struct list *head, struct list *node) {
    list_insert(head->prev, node);
}

/* Takes node out and leaves it linked to itself, so that a second removal does no harm. */
static inline void list_remove(struct list *node) {
    node->prev->next = node->next;
    node->next->prev = node->prev;
    list_init(node);
}

/* The element at the front; the list must not be empty. */
#define LIST_FIRST(head, type, member) CONTAINER_OF((head)->next, type, member)

/* Visits every element; the body must not remove the current one (LIST_EACH_SAFE may). */
#define LIST_EACH(entry, head, type, member)                                                                           \
    for (type *entry = CONTAINER_OF((head)->next, type, member); &entry->member != (head);                             \
         entry = CONTAINER_OF(entry->member.next, type, member))

#define LIST_EACH_SAFE(entry, head, type, member)                                                                      \
    for (type *entry = CONTAINER_OF((head)->next, type, member),                                                       \
              *entry##_next = CONTAINER_OF(entry->member.next, type, member);                                          \
         &entry->member != (head);                                                                                     \
         entry = entry##_next, entry##_next = CONTAINER_OF(entry->member.next, type, member))

#endif
