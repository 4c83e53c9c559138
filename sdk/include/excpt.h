/* Structured exceptions in plain C and C++: __try, __except, __finally, __leave and what belongs to them.
 *
 *     __try { block } __except (filter) { handler }          __try { block } __finally { block }
 *
 * The filter is evaluated when the exception happens, before any frame is given up, on the stack below the one that
 * raised it.  A block may be left by return, break, continue, goto and __leave.  Entering and leaving cost no system
 * call.
 *
 * How it is made.  __try is an `if` on __builtin_setjmp: the compiler's own non-local label, behind which it addresses
 * all variables by the frame pointer and trusts no register.  So the code behind it can be entered with a stack pointer
 * far below: once to run the filter, once for the handler.  The filter is a function inside the function (a lambda in
 * C++) which is called directly and never has its address taken, so no executable stack is needed; so is in C the block
 * of
 * __finally.  sdk/lib/exception_frame.c has the other side.
 *
 * What to know.
 *   - The macros are compiler barriers.  A local variable that is changed in the block and read in filter, handler or
 *     __finally block must be volatile.
 *   - Braces are needed around __try ... __except and __try ... __finally when an if, else or loop stands before them.
 *   - The compiler command gives every value a place of its own on the stack (-fno-ira-share-spill-slots): other
 * commands must, too.
 *   - In C a __finally block cannot be left by break, continue and goto, and return ends the block.  In C++ it
 *     must not be left so.
 *   - In C++, what a __finally block calls takes at most 64 words of arguments on the stack.
 *   - A function with __try is compiled in ARM state.
 *   - In C++, __try is for source files, not for headers: the standard library uses the same word for something else.
 */
#include <windef.h>
#include <winnt.h>

#ifndef _EXCPT_H
#define _EXCPT_H

#ifdef __cplusplus
#include <bits/exception_defines.h> /* which has a __try of its own, see below */
extern "C" {
#endif

#define EXCEPTION_EXECUTE_HANDLER    1
#define EXCEPTION_CONTINUE_SEARCH    0
#define EXCEPTION_CONTINUE_EXECUTION (-1)

/* What the macros call; none of it is for programs. */
struct _seh_frame {
    struct _seh_frame *previous;
    void *place[3]; /* of the code behind __builtin_setjmp: frame pointer, address, stack pointer */
    unsigned long state;
};
#define _SEH_OPEN     0 /* the block runs, or is left in its middle */
#define _SEH_EXCEPT   1 /* it has come to its end, __except follows */
#define _SEH_FINALLY  2 /* it has come to its end, __finally follows */
#define _SEH_NORMAL   1 /* why a __finally block runs */
#define _SEH_ABNORMAL 2

void _seh_enter(struct _seh_frame *frame);
void _seh_leave(struct _seh_frame *frame);
int _seh_except_begin(void);
struct _EXCEPTION_POINTERS *_seh_pointers(void);
void _seh_answer(long answer) __attribute__((noreturn));
unsigned long _seh_handler_begin(unsigned long level);
void _seh_finally_begin(void);
int _seh_finally_due(void);
int _seh_finally_end(int why);
unsigned long _seh_code(unsigned long scope);

/* Where __try keeps the place until the block's own frame exists: at the end of the thread's words for the library,
 * which the word of the kernel data page points behind (situ/abi.h). */
#define _SEH_PLACE (*(void ***)0xffffc800UL - 3)

/* What GetExceptionCode means outside of filters and handlers. */
enum { _seh_scope = 0 };

#ifdef __cplusplus
}
#endif

#define _SEH_JOIN2(a, b) a##b
#define _SEH_JOIN(a, b)  _SEH_JOIN2(a, b)

/* The end of a block: its label for __leave, and the frame's state. */
#define _SEH_BLOCK_END(how)                                                                                            \
    _seh_end:                                                                                                          \
    __attribute__((unused));                                                                                           \
    _seh_this.state = (how);

/* The filter's body.  Its function's own code must put nothing in memory while it runs, since the block may go on: so
 * it hands nothing over. */
#define _SEH_FILTER(...)                                                                                               \
    struct _EXCEPTION_POINTERS *_seh_information __attribute__((unused)) = _seh_pointers();                            \
    unsigned long _seh_scope __attribute__((unused)) = (unsigned long)_seh_information;                                \
    return (__VA_ARGS__);

/* clang-format off */
#ifdef __cplusplus
#define __except(...)                                                                                                  \
        _SEH_BLOCK_END(_SEH_EXCEPT)                                                                                    \
    } else if (_seh_except_begin()) {                                                                                  \
        _seh_answer([&]() __attribute__((noinline)) -> long { _SEH_FILTER(__VA_ARGS__) }());                           \
    } else if (const unsigned long _seh_scope = _seh_handler_begin(__COUNTER__ + 1); _seh_scope || 1)
#define __finally                                                                                                      \
        _SEH_BLOCK_END(_SEH_FINALLY)                                                                                   \
    } else {                                                                                                           \
        _seh_finally_begin();                                                                                          \
    }                                                                                                                  \
    for (int _seh_why = _seh_finally_due(); _seh_why; _seh_why = _seh_finally_end(_seh_why))
#else
#if __STDC_VERSION__ >= 199901L
#define _SEH_LEVEL sizeof(enum { _seh_scope = __COUNTER__ + 1 }) * 0 + _seh_scope
#else
#define _SEH_LEVEL 0 /* an `if` has no scope of its own: handlers inside each other are not told apart */
#endif
#define __except(...)                                                                                                  \
        _SEH_BLOCK_END(_SEH_EXCEPT)                                                                                    \
    } else if (_seh_except_begin()) {                                                                                  \
        __extension__ auto long _seh_filter(void) __attribute__((noinline, noclone));                                  \
        __extension__ long _seh_filter(void) { _SEH_FILTER(__VA_ARGS__) }                                              \
        _seh_answer(_seh_filter());                                                                                    \
    } else if (_seh_handler_begin(_SEH_LEVEL), 1)
#define __finally _SEH_FINALLY_BLOCK(_SEH_JOIN(_seh_finally_, __COUNTER__))
#define _SEH_FINALLY_BLOCK(name)                                                                                       \
        _SEH_BLOCK_END(_SEH_FINALLY)                                                                                   \
    } else {                                                                                                           \
        _seh_finally_begin();                                                                                          \
        goto _SEH_JOIN(name, _abnormal);                                                                               \
    }                                                                                                                  \
    __extension__ auto void name(int) __attribute__((noinline, noclone));                                              \
    if (_seh_finally_due()) {                                                                                          \
        name(_SEH_NORMAL);                                                                                             \
    }                                                                                                                  \
    if (0) {                                                                                                           \
        _SEH_JOIN(name, _abnormal):                                                                                    \
        name(_SEH_ABNORMAL);                                                                                           \
        _seh_answer(0);                                                                                                \
    }                                                                                                                  \
    __extension__ void name(int _seh_why __attribute__((unused)))
#endif

#define __leave goto _seh_end

/* In filter and handler: the exception's code.  In the filter: its record and context, which it may change.  In a
 * __finally block: whether its block was left before its end. */
#define GetExceptionCode()        _seh_code((unsigned long)_seh_scope)
#define _exception_code()         GetExceptionCode()
#define GetExceptionInformation() (_seh_information)
#define _exception_info()         GetExceptionInformation()
#define AbnormalTermination()     (_seh_why == _SEH_ABNORMAL)
#define _abnormal_termination()   AbnormalTermination()

#define _SEH_TRY                                                                                                       \
    if (__builtin_setjmp(_SEH_PLACE) == 0) {                                                                           \
        __label__ _seh_end;                                                                                            \
        struct _seh_frame _seh_this __attribute__((cleanup(_seh_leave)));                                              \
        _seh_enter(&_seh_this);
/* clang-format on */

#ifdef __cplusplus
/* The standard library's headers, which may be included later, have a __try of their own: its
 * meaning in every file that is included. */
#if __cpp_exceptions
#define _SEH_TRY_LIBRARY try
#else
#define _SEH_TRY_LIBRARY if (true)
#endif
#define _SEH_TRY_0  _SEH_TRY
#define _SEH_TRY_1  _SEH_TRY_LIBRARY
#define _SEH_TRY_2  _SEH_TRY_LIBRARY
#define _SEH_TRY_3  _SEH_TRY_LIBRARY
#define _SEH_TRY_4  _SEH_TRY_LIBRARY
#define _SEH_TRY_5  _SEH_TRY_LIBRARY
#define _SEH_TRY_6  _SEH_TRY_LIBRARY
#define _SEH_TRY_7  _SEH_TRY_LIBRARY
#define _SEH_TRY_8  _SEH_TRY_LIBRARY
#define _SEH_TRY_9  _SEH_TRY_LIBRARY
#define _SEH_TRY_10 _SEH_TRY_LIBRARY
#define _SEH_TRY_11 _SEH_TRY_LIBRARY
#define _SEH_TRY_12 _SEH_TRY_LIBRARY
#define _SEH_TRY_13 _SEH_TRY_LIBRARY
#define _SEH_TRY_14 _SEH_TRY_LIBRARY
#define _SEH_TRY_15 _SEH_TRY_LIBRARY
#define _SEH_TRY_16 _SEH_TRY_LIBRARY
#define _SEH_TRY_17 _SEH_TRY_LIBRARY
#define _SEH_TRY_18 _SEH_TRY_LIBRARY
#define _SEH_TRY_19 _SEH_TRY_LIBRARY
#define _SEH_TRY_20 _SEH_TRY_LIBRARY
#define _SEH_TRY_21 _SEH_TRY_LIBRARY
#define _SEH_TRY_22 _SEH_TRY_LIBRARY
#define _SEH_TRY_23 _SEH_TRY_LIBRARY
#define _SEH_TRY_24 _SEH_TRY_LIBRARY
#undef __try
#define __try _SEH_JOIN(_SEH_TRY_, __INCLUDE_LEVEL__)
#else
#define __try _SEH_TRY
#endif

#endif
