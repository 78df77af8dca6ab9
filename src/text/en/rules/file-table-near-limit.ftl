title = { $used } of { $most } open files on the whole host ({ $part })
why = At the limit, unprivileged programs cannot open files or sockets: "Too many open files in system" (ENFILE).
fix = Find the programs with the most open files.
raise = Raise the host-wide limit ({ $name } is { $current }).
raise-risk = about 1 KiB of kernel memory per open file, more for sockets
myth = ulimit and LimitNOFILE limit one process; they do not enlarge the host's table.
