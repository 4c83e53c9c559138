/* Structured exceptions in plain C and C++: __try, __except, __finally, __leave and what belongs to them.
 *
 *     __try { block } __except (filter) { handler }          __try { block } __finally { block }
 *
 * The filter is evaluated when the exception happens, before any frame is given up, on the stack below the one that
 * raised it.  A block may be left by return, break, continue, goto and __leave.  Entering and leaving cost no system call.
 *
 * How it is made.  __try is an `if` on __builtin_setjmp: the compiler's own non-local label, behind which it addresses all
 * variables by the frame pointer and trusts no register.  So the code behind it can be entered with a stack pointer far
 * below: once to run the filter, once for the handler.  The filter is a function inside the function (a lambda in C++) which is
 * called directly and never has its address taken, so no executable stack is needed; so is in C the block of
 * __finally.  sdk/lib/exception_frame.c has the other side.
 *
 * What to know.
 *   - The macros are compiler barriers.  A local variable that is changed in the block and read in filter, handler or
 *     __finally block must be volatile.
 *   - Braces are needed around __try ... __except and __try ... __finally when an if, else or loop stands before them.
 *   - In C a __finally block cannot be left by break, continue and goto, and return ends the block.  In C++ it
 *     must not be left so.
 *   - The functions called in a filter expression itself take at most 64 words of arguments on the stack.
 *   - A function with __try is compiled in ARM state.
 *   - In C++, standard headers define a __try of their own: include <excpt.h> (again) after them.
 */
#include <windef.h>
#include <winnt.h>

#ifndef _EXCPT_H
#define _EXCPT_H

#ifdef __cplusplus
#include <exception>
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
#define _SEH_OPEN      0 /* the block runs, or is left in its middle */
#define _SEH_EXCEPT    1 /* it has come to its end, __except follows */
#define _SEH_FINALLY   2 /* it has come to its end, __finally follows */
#define _SEH_NORMAL    1 /* why a __finally block runs */
#define _SEH_ABNORMAL  2

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

#ifdef __cplusplus
#define _SEH_FILTER(...)                                                                                               \
    [&](struct _EXCEPTION_POINTERS * _seh_information __attribute__((unused)), unsigned long _seh_scope                \
        __attribute__((unused))) __attribute__((noinline))                                                             \
        ->long {                                                                                                       \
        return (__VA_ARGS__);                                                                                          \
    }                                                                                                                  \
    (_seh_pointers(), (unsigned long)_seh_pointers())
#define __except(...)                                                                                                  \
    _SEH_BLOCK_END(_SEH_EXCEPT)                                                                                        \
    }                                                                                                                  \
    else if (_seh_except_begin()) {                                                                                    \
        _seh_answer(_SEH_FILTER(__VA_ARGS__));                                                                         \
    }                                                                                                                  \
    else if (const unsigned long _seh_scope = _seh_handler_begin(__COUNTER__ + 1); _seh_scope || 1)
#define __finally                                                                                                      \
    _SEH_BLOCK_END(_SEH_FINALLY)                                                                                       \
    }                                                                                                                  \
    else {                                                                                                             \
        _seh_finally_begin();                                                                                          \
    }                                                                                                                  \
    for (int _seh_why = _seh_finally_due(); _seh_why; _seh_why = _seh_finally_end(_seh_why))
#else
#define __except(...)                                                                                                  \
    _SEH_BLOCK_END(_SEH_EXCEPT)                                                                                        \
    }                                                                                                                  \
    else if (_seh_except_begin()) {                                                                                    \
        __extension__ auto long _seh_filter(struct _EXCEPTION_POINTERS *, unsigned long)                               \
            __attribute__((noinline, noclone));                                                                        \
        __extension__ long _seh_filter(struct _EXCEPTION_POINTERS * _seh_information __attribute__((unused)),          \
                                       unsigned long _seh_scope __attribute__((unused))) {                             \
            return (__VA_ARGS__);                                                                                      \
        }                                                                                                              \
        _seh_answer(_seh_filter(_seh_pointers(), (unsigned long)_seh_pointers()));                                     \
    }                                                                                                                  \
    else if (_seh_handler_begin(sizeof(enum {_seh_scope = __COUNTER__ + 1}) * 0 + _seh_scope), 1)
#define __finally _SEH_FINALLY_BLOCK(_SEH_JOIN(_seh_finally_, __COUNTER__))
#define _SEH_FINALLY_BLOCK(name)                                                                                       \
    _SEH_BLOCK_END(_SEH_FINALLY)                                                                                       \
    }                                                                                                                  \
    else {                                                                                                             \
        _seh_finally_begin();                                                                                          \
        goto _SEH_JOIN(name, _abnormal);                                                                               \
    }                                                                                                                  \
    __extension__ auto void name(int) __attribute__((noinline, noclone));                                              \
    if (_seh_finally_due()) {                                                                                          \
        name(_SEH_NORMAL);                                                                                             \
    }                                                                                                                  \
    if (0) {                                                                                                           \
        _SEH_JOIN(name, _abnormal) : name(_SEH_ABNORMAL);                                                              \
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

#endif

/* Outside of the guard: a C++ header that was included in between may have defined its own. */
#undef __try
#undef _EXCEPTION_DEFINES_H
#define __try                                                                                                          \
    if (__builtin_setjmp(_SEH_PLACE) == 0) {                                                                           \
        __label__ _seh_end;                                                                                            \
        struct _seh_frame _seh_this __attribute__((cleanup(_seh_leave)));                                              \
        _seh_enter(&_seh_this);
