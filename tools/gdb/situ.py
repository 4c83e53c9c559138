"""Commands that know the kernel: threads, processes, sections, views, handles.

They read the kernel's structures by their debugging information, from whatever stop; nothing is called in the kernel.
`views` and `handles` take a process id, or show all processes.
"""

import gdb


def symbol(name):
    """A variable of the kernel by its name, of any file."""
    found = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    if found is None:
        raise gdb.GdbError("this kernel has no " + name)
    return found.value()


def container(node, type_name, member):
    """The structure that embeds the list node (a pointer) as member, which may be a path like mapped.views."""
    kernel_type = gdb.lookup_type("struct " + type_name)
    offset = int(gdb.parse_and_eval("(unsigned)&((struct %s *)0)->%s" % (type_name, member)))
    address = int(node) - offset
    return gdb.Value(address).cast(kernel_type.pointer()).dereference()


def list_entries(head, type_name, member):
    """All elements of a list; a list that start-up has not made yet has none."""
    first = head.address
    node = head["next"]
    count = 0
    while int(node) != 0 and int(node) != int(first) and count < 100000:
        yield container(node, type_name, member)
        node = node["next"]
        count += 1


def range_entries(node):
    """All struct range of a tree, in address order."""
    if int(node) != 0:
        here = node.dereference()
        yield from range_entries(here["left"])
        yield node
        yield from range_entries(here["right"])


def all_processes():
    return list_entries(symbol("processes"), "process", "link")


def areas_of(process):
    for node in range_entries(process["space"]["areas"]["root"]):
        yield container(node, "area", "range")


def views_of(process):
    for area in areas_of(process):
        if str(area["kind"]) == "AREA_SECTION":
            for view in list_entries(area["mapped"]["views"], "view", "link"):
                yield area, view


def handles_of(process):
    """Pairs of handle value and object of a process."""
    table = process["handles"]
    for index in range(16, 16 + int(table["capacity"])):
        high = index.bit_length() - 1  # each chunk has the indices with the same highest bit
        entry = table["chunks"][high - 4][index - (1 << high)]
        if int(entry["object"]) != 0:
            yield int(entry["handle"]), entry["object"]


def name_of(process):
    if int(process["program"]) == 0:
        return "?"
    return process["program"]["path"].string()


def number(value):
    return int(value) & 0xFFFFFFFF


def sections():
    """All sections that a view or a mapping object leads to, each once."""
    seen = {}
    for process in all_processes():
        for area in areas_of(process):
            if int(area["section"]) != 0:
                seen[int(area["section"])] = area["section"].dereference()
        for _, kernel_object in handles_of(process):
            if kernel_object["type"]["name"].string() == "mapping":
                mapping = container(kernel_object, "mapping", "object")
                seen[int(mapping["section"])] = mapping["section"].dereference()
    return [seen[address] for address in sorted(seen)]


class Situ(gdb.Command):
    """A command that prints lines."""

    def __init__(self, name, lines, what):
        self.__doc__ = what
        self.lines = lines
        super().__init__(name, gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        wanted = int(argument, 0) if argument.strip() else None
        try:
            for line in self.lines(wanted):
                print(line)
        except gdb.MemoryError:
            print("the kernel is not in its place yet: break at kernel_main or later")


def thread_line(thread):
    state = str(thread["state"].cast(gdb.lookup_type("enum thread_state"))).replace("THREAD_", "").lower()
    mark = "*" if int(thread.address) == int(symbol("thread_current")) else " "
    return "%s thread %-5d %-8s priority %3d (base %3d)  kernel sp 0x%08x  %s" % (
        mark, number(thread["id"]), state, number(thread["priority"]), number(thread["base_priority"]),
        number(thread["sp"]), thread.address)


def threads_lines(_):
    for process in all_processes():
        yield "process %d %s" % (number(process["id"]), name_of(process))
        for thread in list_entries(process["threads"], "thread", "link"):
            yield "  " + thread_line(thread)
    current = symbol("thread_current")
    if int(current) != 0 and int(current["process"]) == 0:
        yield "kernel"
        yield "  " + thread_line(current.dereference())


def processes_lines(_):
    yield "    id threads handles   pages  commit  views  faults  program"
    for process in all_processes():
        space = process["space"]
        yield "%6d %7d %7d %7d %7d %6d %7d  %s" % (
            number(process["id"]), number(process["thread_count"]), number(process["handles"]["count"]),
            number(space["resident"]), number(space["charged"]), number(space["view_count"]),
            number(space["faults"]), name_of(process))


def sections_lines(_):
    for section in sections():
        kind = str(section["kind"]).replace("SECTION_", "").lower()
        place = "no address"
        if int(section["areas"]["next"]) != int(section["areas"].address):
            place = "0x%08x..0x%08x" % (number(section["arena"]["start"]), number(section["arena"]["end"]))
        yield "section %s  %-8s %10d bytes  references %d  %s  resident %d" % (
            section.address, kind, int(section["bytes"]), number(section["references"]), place,
            number(section["resident"]))


def views_lines(wanted):
    for process in all_processes():
        if wanted is not None and number(process["id"]) != wanted:
            continue
        yield "process %d %s" % (number(process["id"]), name_of(process))
        for area, view in views_of(process):
            yield "  0x%08x..0x%08x  offset 0x%x  %d bytes  protection %d  faults %d  section %s" % (
                number(view["start"]), number(view["end"]), int(view["offset"]), number(view["bytes"]),
                number(view["prot"]), number(area["faults"]), view["section"])


def handles_lines(wanted):
    for process in all_processes():
        if wanted is not None and number(process["id"]) != wanted:
            continue
        yield "process %d %s" % (number(process["id"]), name_of(process))
        for handle, kernel_object in handles_of(process):
            yield "  0x%08x  %-8s references %d  %s" % (
                handle, kernel_object["type"]["name"].string(), number(kernel_object["references"]), kernel_object)


Situ("threads", threads_lines, "All threads, by process; * marks the one that runs.")
Situ("processes", processes_lines, "All processes with what they hold.")
Situ("sections", sections_lines, "All sections that views or mapping handles lead to.")
Situ("views", views_lines, "Views of all processes, or of the one whose id is given.")
Situ("handles", handles_lines, "Handles of all processes, or of the one whose id is given.")
