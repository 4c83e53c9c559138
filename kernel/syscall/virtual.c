/* VirtualAlloc and its family (contract: docs/api.md, Memory): what they say in Win32's words, for mm/area.h. */
#include "include/board.h"
#include "include/layout.h"
#include "kernel/syscall/syscall.h"
#include "mm/area.h"
#include "mm/page.h"

#define PAGE_NOACCESS_BIT  0x001u
#define PAGE_READONLY_BIT  0x002u
#define PAGE_READWRITE_BIT 0x004u
#define PAGE_EXECUTE_BIT   0x010u
#define PAGE_EXECUTE_READ  0x020u
#define PAGE_EXECUTE_WRITE 0x040u
#define PAGE_GUARD_BIT     0x100u
#define PAGE_NOCACHE_BIT   0x200u
#define PAGE_PHYSICAL_BIT  0x400u

#define MEM_COMMIT_BIT      0x001000u
#define MEM_RESERVE_BIT     0x002000u
#define MEM_DECOMMIT_BIT    0x004000u
#define MEM_RELEASE_BIT     0x008000u
#define MEM_FREE_BIT        0x010000u
#define MEM_PRIVATE_BIT     0x020000u
#define MEM_MAPPED_BIT      0x040000u
#define MEM_TOP_DOWN_BIT    0x100000u /* ignored */
#define MEM_AUTO_COMMIT_BIT 0x200000u
#define MEM_IMAGE_BIT       0x1000000u

#define PROT_INVALID 0xffffffffu

/* What a PAGE_ protection means, or PROT_INVALID. */
static prot_t prot_decode(uint32_t protect) {
    prot_t prot;
    switch (protect & ~(PAGE_GUARD_BIT | PAGE_NOCACHE_BIT)) {
    case PAGE_NOACCESS_BIT:
        return protect == PAGE_NOACCESS_BIT ? PROT_NONE : PROT_INVALID;
    case PAGE_READONLY_BIT:
        prot = PROT_READ;
        break;
    case PAGE_READWRITE_BIT:
        prot = PROT_READ | PROT_WRITE;
        break;
    case PAGE_EXECUTE_BIT:
    case PAGE_EXECUTE_READ:
        prot = PROT_READ | PROT_EXEC;
        break;
    case PAGE_EXECUTE_WRITE:
        prot = PROT_READ | PROT_WRITE | PROT_EXEC;
        break;
    default:
        return PROT_INVALID;
    }
    prot |= (protect & PAGE_GUARD_BIT) ? PROT_GUARD : 0;
    return prot | ((protect & PAGE_NOCACHE_BIT) ? PROT_NOCACHE : 0);
}

static uint32_t prot_encode(prot_t prot) {
    uint32_t protect = PAGE_NOACCESS_BIT;
    if (prot & PROT_EXEC) {
        protect = prot & PROT_WRITE ? PAGE_EXECUTE_WRITE : PAGE_EXECUTE_READ;
    } else if (prot & PROT_READ) {
        protect = prot & PROT_WRITE ? PAGE_READWRITE_BIT : PAGE_READONLY_BIT;
    }
    return protect | ((prot & PROT_GUARD) ? PAGE_GUARD_BIT : 0) | ((prot & PROT_NOCACHE) ? PAGE_NOCACHE_BIT : 0);
}

sysret_t sys_virtual_alloc(uint32_t address, uint32_t bytes, uint32_t type, uint32_t protect) {
    struct space *space = &process_current()->space;
    prot_t prot = prot_decode(protect);
    uint32_t known = MEM_COMMIT_BIT | MEM_RESERVE_BIT | MEM_TOP_DOWN_BIT | MEM_AUTO_COMMIT_BIT;
    bool commit = type & (MEM_COMMIT_BIT | MEM_AUTO_COMMIT_BIT);
    bool reserve = (type & (MEM_RESERVE_BIT | MEM_AUTO_COMMIT_BIT)) || (commit && address == 0);
    if (prot == PROT_INVALID || (type & ~known) || !(commit || reserve)) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status;
    if (!reserve) {
        status = area_commit(space, address, bytes, prot);
        address = round_down(address, PAGE_SIZE);
    } else if (commit) {
        status = area_allocate(space, &address, bytes, prot);
    } else {
        status = area_reserve(space, &address, bytes, prot);
    }
    return sysret(status, address);
}

sysret_t sys_virtual_free(uint32_t address, uint32_t bytes, uint32_t type) {
    struct space *space = &process_current()->space;
    if (type == MEM_DECOMMIT_BIT) {
        return sysret_status(area_decommit(space, address, bytes));
    }
    if (type != MEM_RELEASE_BIT || bytes != 0) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    return sysret_status(area_free(space, address));
}

sysret_t sys_virtual_protect(uint32_t address, uint32_t bytes, uint32_t protect) {
    prot_t prot = prot_decode(protect);
    prot_t before = PROT_NONE;
    if (prot == PROT_INVALID) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = area_protect(&process_current()->space, address, bytes, prot, &before);
    return sysret(status, prot_encode(before));
}

static uint32_t type_of(enum area_kind kind) {
    switch (kind) {
    case AREA_TEXT:
    case AREA_DATA:
        return MEM_IMAGE_BIT;
    case AREA_SECTION:
        return MEM_MAPPED_BIT;
    default:
        return MEM_PRIVATE_BIT;
    }
}

sysret_t sys_virtual_query(uint32_t address, uint32_t pointer, uint32_t bytes) {
    struct area_info area;
    status_t status = area_query(&process_current()->space, address, bytes, &area);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    struct abi_memory_info info = {.base = area.base, .bytes = area.bytes};
    if (area.reserved) {
        info.allocation = area.allocation;
        info.allocation_protect = prot_encode(area.allocated);
        info.state = area.committed ? MEM_COMMIT_BIT : MEM_RESERVE_BIT;
        info.protect = area.committed ? prot_encode(area.prot) : 0;
        info.type = type_of(area.kind);
    } else {
        info.state = MEM_FREE_BIT;
        info.protect = PAGE_NOACCESS_BIT;
    }
    return sysret_status(user_copy_out(pointer, &info, sizeof info));
}

static bool touches(uint32_t pa, uint32_t bytes, uint32_t start, uint32_t length) {
    return length != 0 && pa <= start + (length - 1) && pa + (bytes - 1) >= start;
}

/* Whether a physical range touches RAM or flash, which have other owners. */
static bool is_memory(uint32_t pa, uint32_t bytes) {
    for (const struct board_row *row = board_map; row->kind != BOARD_END; row++) {
        uint32_t megabytes = row->kind == BOARD_RAM ? board.ram_window : row->megabytes;
        if (row->kind != BOARD_DEVICE && touches(pa, bytes, row->pa, megabytes << 20)) {
            return true;
        }
    }
    return touches(pa, bytes, board.alias_pa, board.alias_bytes);
}

sysret_t sys_virtual_copy(uint32_t address, uint32_t source, uint32_t bytes, uint32_t protect) {
    prot_t prot = prot_decode(protect & ~PAGE_PHYSICAL_BIT);
    if (!process_current()->program->driver) {
        return sysret_status(ERROR_ACCESS_DENIED);
    }
    if (!(protect & PAGE_PHYSICAL_BIT)) {
        return sysret_status(ERROR_NOT_SUPPORTED);
    }
    uint32_t pa = source << 8;
    if (prot == PROT_INVALID || bytes == 0 || bytes - 1 > ~pa || source >> 24 != 0 || is_memory(pa, bytes)) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    return sysret_status(
        area_map_device(&process_current()->space, address, pa, round_up(bytes, PAGE_SIZE), prot & ~PROT_NOCACHE));
}
