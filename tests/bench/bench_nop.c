/* The small program that bench_switch starts and waits for. */
int main(void) {
    return 0;
}
