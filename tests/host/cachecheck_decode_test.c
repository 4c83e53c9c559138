/* What the cache checker makes of instructions.  The words are what arm-none-eabi-as gives for the text beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/cachecheck/decode.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct operation_case {
    uint32_t instruction;
    const char *text;
    enum operation operation;
    uint8_t value; /* the register */
};

static const struct operation_case operations[] = {
    {0xee011f10, "mcr p15, 0, r1, c1, c0, 0", OP_SCTLR, 1},
    {0xee022f10, "mcr p15, 0, r2, c2, c0, 0", OP_TTBR0, 2},
    {0xee023f30, "mcr p15, 0, r3, c2, c0, 1", OP_TTBR1, 3},
    {0xee024f50, "mcr p15, 0, r4, c2, c0, 2", OP_TTBCR, 4},
    {0xee035f10, "mcr p15, 0, r5, c3, c0, 0", OP_DACR, 5},
    {0xee0d6f10, "mcr p15, 0, r6, c13, c0, 0", OP_FCSE, 6},
    {0xee0d7f30, "mcr p15, 0, r7, c13, c0, 1", OP_CONTEXTIDR, 7},
    {0xee070f11, "mcr p15, 0, r0, c7, c1, 0", OP_FETCH_INVALIDATE_ALL, 0},
    {0xee070fd1, "mcr p15, 0, r0, c7, c1, 6", OP_BRANCH_INVALIDATE_ALL, 0},
    {0xee078f15, "mcr p15, 0, r8, c7, c5, 0", OP_FETCH_INVALIDATE_ALL, 8},
    {0xee079f35, "mcr p15, 0, r9, c7, c5, 1", OP_FETCH_INVALIDATE, 9},
    {0xee070f95, "mcr p15, 0, r0, c7, c5, 4", OP_ISB, 0},
    {0xee070fd5, "mcr p15, 0, r0, c7, c5, 6", OP_BRANCH_INVALIDATE_ALL, 0},
    {0xee070f16, "mcr p15, 0, r0, c7, c6, 0", OP_DATA_INVALIDATE_ALL, 0},
    {0xee07af36, "mcr p15, 0, r10, c7, c6, 1", OP_DATA_INVALIDATE, 10},
    {0xee07bf56, "mcr p15, 0, r11, c7, c6, 2", OP_DATA_INVALIDATE_SET_WAY, 11},
    {0xee070f3a, "mcr p15, 0, r0, c7, c10, 1", OP_DATA_CLEAN, 0},
    {0xee070f9a, "mcr p15, 0, r0, c7, c10, 4", OP_DSB, 0},
    {0xee070fba, "mcr p15, 0, r0, c7, c10, 5", OP_DMB, 0},
    {0xee073f3b, "mcr p15, 0, r3, c7, c11, 1", OP_DATA_CLEAN_POU, 3},
    {0xee07ef3e, "mcr p15, 0, r14, c7, c14, 1", OP_DATA_CLEAN_INVALIDATE, 14},
    {0xee072f5e, "mcr p15, 0, r2, c7, c14, 2", OP_DATA_CLEAN_INVALIDATE_SET_WAY, 2},
    {0xee080f13, "mcr p15, 0, r0, c8, c3, 0", OP_TLB_ALL, 0},
    {0xee080f33, "mcr p15, 0, r0, c8, c3, 1", OP_TLB_PAGE, 0},
    {0xee080f53, "mcr p15, 0, r0, c8, c3, 2", OP_TLB_ASID, 0},
    {0xee080f15, "mcr p15, 0, r0, c8, c5, 0", OP_TLB_ALL, 0},
    {0xee080f35, "mcr p15, 0, r0, c8, c5, 1", OP_TLB_PAGE, 0},
    {0xee080f55, "mcr p15, 0, r0, c8, c5, 2", OP_TLB_ASID, 0},
    {0xee080f16, "mcr p15, 0, r0, c8, c6, 0", OP_TLB_ALL, 0},
    {0xee080f36, "mcr p15, 0, r0, c8, c6, 1", OP_TLB_PAGE, 0},
    {0xee080f56, "mcr p15, 0, r0, c8, c6, 2", OP_TLB_ASID, 0},
    {0xee080f17, "mcr p15, 0, r0, c8, c7, 0", OP_TLB_ALL, 0},
    {0xee081f37, "mcr p15, 0, r1, c8, c7, 1", OP_TLB_PAGE, 1},
    {0xee082f57, "mcr p15, 0, r2, c8, c7, 2", OP_TLB_ASID, 2},
    {0xee17ff7a, "mrc p15, 0, r15, c7, c10, 3", OP_DATA_CLEAN_ALL, 15},
    {0xee17ff7e, "mrc p15, 0, r15, c7, c14, 3", OP_DATA_CLEAN_INVALIDATE_ALL, 15},
    {0xf57ff04f, "dsb", OP_DSB, 0},
    {0xf57ff04b, "dsb ish", OP_DSB, 0},
    {0xf57ff05f, "dmb", OP_DMB, 0},
    {0xf57ff06f, "isb", OP_ISB, 0},
};

static const struct operation_case thumb_operations[] = {
    {0xf3bf8f4f, "dsb", OP_DSB, 0},
    {0xf3bf8f5f, "dmb", OP_DMB, 0},
    {0xf3bf8f6f, "isb", OP_ISB, 0},
    {0xee071f15, "mcr p15, 0, r1, c7, c5, 0", OP_FETCH_INVALIDATE_ALL, 1},
    {0xee071fba, "mcr p15, 0, r1, c7, c10, 5", OP_DMB, 1},
};

static void check_operations(const struct operation_case *cases, size_t count, bool thumb) {
    for (size_t i = 0; i < count; i++) {
        struct decoded decoded;
        if (!decode(cases[i].instruction, thumb, &decoded) || decoded.operations != 1 ||
            decoded.operation[0] != cases[i].operation || decoded.value != cases[i].value) {
            fail_msg("%s", cases[i].text);
        }
        assert_int_equal(decoded.instruction, cases[i].instruction);
        assert_int_equal(decoded.condition, DECODE_ALWAYS);
        assert_false(decoded.changes_mask || decoded.synchronises || decoded.unknown || decoded.reads_cache_size);
    }
}

static void test_operations(void **state) {
    (void)state;
    check_operations(operations, COUNT(operations), false);
}

static void test_thumb_operations(void **state) {
    (void)state;
    check_operations(thumb_operations, COUNT(thumb_operations), true);
}

static void test_both_caches(void **state) {
    (void)state;
    struct decoded decoded;
    assert_true(decode(0xee07cf17, false, &decoded)); /* mcr p15, 0, r12, c7, c7, 0 */
    assert_int_equal(decoded.operations, 2);
    assert_int_equal(decoded.operation[0], OP_DATA_INVALIDATE_ALL);
    assert_int_equal(decoded.operation[1], OP_FETCH_INVALIDATE_ALL);
    assert_int_equal(decoded.value, 12);
}

static void test_cache_size(void **state) {
    (void)state;
    struct decoded decoded;
    assert_true(decode(0xee302f10, false, &decoded)); /* mrc p15, 1, r2, c0, c0, 0 */
    assert_true(decoded.reads_cache_size);
    assert_int_equal(decoded.value, 2);
    assert_int_equal(decoded.operations, 0);
    assert_true(decode(0xee401f10, false, &decoded)); /* mcr p15, 2, r1, c0, c0, 0 */
    assert_int_equal(decoded.operations, 1);
    assert_int_equal(decoded.operation[0], OP_CSSELR);
    assert_int_equal(decoded.value, 1);
}

struct plain_case {
    uint32_t instruction;
    const char *text;
};

static void test_unknown_maintenance(void **state) {
    static const struct plain_case cases[] = {
        {0xee080f77, "mcr p15, 0, r0, c8, c7, 3"},  {0xee080f73, "mcr p15, 0, r0, c8, c3, 3"},
        {0xee070f5a, "mcr p15, 0, r0, c7, c10, 2"}, {0xee070f55, "mcr p15, 0, r0, c7, c5, 2"},
        {0xee070f1e, "mcr p15, 0, r0, c7, c14, 0"}, {0xec410f0e, "mcrr p15, 0, r0, r1, c14"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct decoded decoded;
        if (!decode(cases[i].instruction, false, &decoded) || !decoded.unknown || decoded.operations != 0) {
            fail_msg("%s", cases[i].text);
        }
    }
}

static void test_status_changes(void **state) {
    static const struct plain_case writes[] = {
        {0xe321f0d3, "msr cpsr_c, #0xd3"}, {0xe121f000, "msr cpsr_c, r0"}, {0xe123f000, "msr cpsr_cx, r0"},
        {0xe12ff003, "msr cpsr_fsxc, r3"}, {0xf1080080, "cpsie i"},        {0xf10c01c0, "cpsid aif"},
        {0xf1020013, "cps #0x13"},
    };
    static const struct plain_case returns[] = {
        {0xe1b0f00e, "movs pc, lr"},      {0xe25ef004, "subs pc, lr, #4"},
        {0xe05ef002, "subs pc, lr, r2"},  {0xe8fd8070, "ldmfd sp!, {r4, r5, r6, pc}^"},
        {0xe8fd8000, "ldmia sp!, {pc}^"}, {0xf8bd0a00, "rfeia sp!"},
        {0xf9100a00, "rfedb r0"},         {0xe160006e, "eret"},
    };
    struct decoded decoded;
    (void)state;
    for (size_t i = 0; i < COUNT(writes); i++) {
        if (!decode(writes[i].instruction, false, &decoded) || !decoded.changes_mask || decoded.synchronises) {
            fail_msg("%s", writes[i].text);
        }
    }
    for (size_t i = 0; i < COUNT(returns); i++) {
        if (!decode(returns[i].instruction, false, &decoded) || !decoded.changes_mask || !decoded.synchronises) {
            fail_msg("%s", returns[i].text);
        }
        assert_int_equal(decoded.operations, 0);
    }
}

static void test_nothing(void **state) {
    static const struct plain_case cases[] = {
        {0xee070f90, "mcr p15, 0, r0, c7, c0, 4"}, /* wait for interrupt */
        {0xee070ff5, "mcr p15, 0, r0, c7, c5, 7"}, /* BPIMVA */
        {0xee070f18, "mcr p15, 0, r0, c7, c8, 0"}, /* ATS1CPR */
        {0xee070f3d, "mcr p15, 0, r0, c7, c13, 1"},
        {0xee070f14, "mcr p15, 0, r0, c7, c4, 0"},
        {0xee170f14, "mrc p15, 0, r0, c7, c4, 0"},
        {0xee110f10, "mrc p15, 0, r0, c1, c0, 0"},
        {0xee810f10, "mcr p15, 4, r0, c1, c0, 0"},
        {0xee880f17, "mcr p15, 4, r0, c8, c7, 0"},
        {0xee010f50, "mcr p15, 0, r0, c1, c0, 2"},
        {0xee0c0f10, "mcr p15, 0, r0, c12, c0, 0"},
        {0xee070e15, "mcr p14, 0, r0, c7, c5, 0"},
        {0xee300f30, "mrc p15, 1, r0, c0, c0, 1"},
        {0xec510f0e, "mrrc p15, 0, r0, r1, c14"},
        {0xe328f102, "msr cpsr_f, #0x80000000"},
        {0xe128f000, "msr cpsr_f, r0"},
        {0xe16ff006, "msr spsr_cxsf, r6"},
        {0xe12ef300, "msr elr_hyp, r0"},
        {0xe8dd7fff, "ldmia sp, {r0-r14}^"},
        {0xe8bd8010, "ldmfd sp!, {r4, pc}"},
        {0xe1a0f00e, "mov pc, lr"},
        {0xe12fff1e, "bx lr"},
        {0xe35f0000, "cmp pc, #0"},
        {0xe130f001, "teqp r0, r1"},
        {0xe11f0000, "tst pc, r0"},
        {0xe0910392, "umulls r0, r1, r2, r3"},
        {0xe1d1f0b0, "ldrh pc, [r1]"},
        {0xf1010000, "setend le"},
        {0xe320f003, "wfi"},
        {0xef000000, "svc #0"},
        {0xf57ff01f, "clrex"},
        {0xe1200070, "bkpt #0"},
        {0xf5d0f000, "pld [r0]"},
        {0xe10f0000, "mrs r0, cpsr"},
    };
    static const struct plain_case thumb[] = {
        {0xf7fffffe, "bl ."},      {0xfe071f15, "mcr2 p15, 0, r1, c7, c5, 0"},
        {0xbf00, "nop"},           {0xf3bf8f2f, "clrex"},
        {0xb501, "push {r0, lr}"}, {0xe7fe, "b ."},
    };
    struct decoded decoded;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (decode(cases[i].instruction, false, &decoded)) {
            fail_msg("%s", cases[i].text);
        }
    }
    for (size_t i = 0; i < COUNT(thumb); i++) {
        if (decode(thumb[i].instruction, true, &decoded)) {
            fail_msg("%s", thumb[i].text);
        }
    }
}

static void test_conditions_are_decoded(void **state) {
    (void)state;
    struct decoded decoded;
    assert_true(decode(0x1e072f5e, false, &decoded)); /* mcrne p15, 0, r2, c7, c14, 2 */
    assert_int_equal(decoded.condition, 1);
    assert_int_equal(decoded.operation[0], OP_DATA_CLEAN_INVALIDATE_SET_WAY);
    assert_true(decode(0x0e072f56, false, &decoded)); /* mcreq p15, 0, r2, c7, c6, 2 */
    assert_int_equal(decoded.condition, 0);
    assert_int_equal(decoded.operation[0], OP_DATA_INVALIDATE_SET_WAY);
    assert_true(decode(0x11b0f00e, false, &decoded)); /* movsne pc, lr */
    assert_int_equal(decoded.condition, 1);
}

/* One row for each condition: bit n is set if it holds when bits 31:28 of CPSR (N, Z, C, V) are n. */
static void test_conditions_hold(void **state) {
    static const uint16_t expected[16] = {
        0xf0f0, 0x0f0f, /* eq, ne: Z */
        0xcccc, 0x3333, /* cs, cc: C */
        0xff00, 0x00ff, /* mi, pl: N */
        0xaaaa, 0x5555, /* vs, vc: V */
        0x0c0c, 0xf3f3, /* hi, ls: C and not Z */
        0xaa55, 0x55aa, /* ge, lt: N == V */
        0x0a05, 0xf5fa, /* gt, le: not Z and N == V */
        0xffff, 0xffff,
    };
    (void)state;
    for (uint32_t condition = 0; condition < 16; condition++) {
        for (uint32_t flags = 0; flags < 16; flags++) {
            assert_int_equal(decode_condition_holds(condition, flags << 28 | 0x1d3), expected[condition] >> flags & 1);
        }
    }
}

static void test_thumb_condition(void **state) {
    (void)state;
    assert_int_equal(decode_thumb_condition(0x40000030), DECODE_ALWAYS);
    assert_int_equal(decode_thumb_condition(0x00000830), 0); /* ITSTATE 0x08: behind IT EQ */
    assert_int_equal(decode_thumb_condition(0x04001030), 1); /* 0x12: not equal, another follows */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_thumb_operations),
        cmocka_unit_test(test_both_caches),
        cmocka_unit_test(test_cache_size),
        cmocka_unit_test(test_unknown_maintenance),
        cmocka_unit_test(test_status_changes),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_conditions_are_decoded),
        cmocka_unit_test(test_conditions_hold),
        cmocka_unit_test(test_thumb_condition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
