/* Message queues, inside one process, with nobody waiting. */
#include <msgqueue.h>

#include "bench.h"

#define ROUNDS 100
#define BYTES  64

/* One message written and read, called by C code. */
static void message(void) {
    MSGQUEUEOPTIONS options = {sizeof(options), 0, 4, BYTES, TRUE};
    HANDLE reader = CreateMsgQueue(NULL, &options), writer;
    char text[BYTES] = "a message";
    DWORD bytes = 0, flags, right = 0;
    uint32_t start;

    options.bReadAccess = FALSE;
    writer = OpenMsgQueue(GetCurrentProcess(), reader, &options);
    WriteMsgQueue(writer, text, BYTES, 0, 0);
    ReadMsgQueue(reader, text, BYTES, &bytes, 0, &flags);
    start = bench_read();
    for (int i = 0; i < ROUNDS; i++) {
        right += WriteMsgQueue(writer, text, BYTES, 0, 0);
        right += ReadMsgQueue(reader, text, BYTES, &bytes, 0, &flags);
    }
    start = bench_since(start);
    if (right == 2 * ROUNDS && bytes == BYTES) {
        bench_line("msgqueue_64b", start / ROUNDS, "instructions");
    }
    CloseMsgQueue(writer);
    CloseMsgQueue(reader);
}

int main(void) {
    bench_start();
    message();
    return 0;
}
