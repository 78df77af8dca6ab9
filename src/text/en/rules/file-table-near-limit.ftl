title = { $used } of { $most } files of the whole host are open ({ $part })
why = At the limit every program without privilege fails to open files and sockets: "Too many open files in system" (ENFILE).
fix = Find the programs that hold most of them.
raise = Raise the limit of the host ({ $name } is { $current }).
raise-risk = kernel memory, about 1 KiB for each open file, more for sockets
myth = ulimit and LimitNOFILE are limits of one process; they do not widen the host's table.
