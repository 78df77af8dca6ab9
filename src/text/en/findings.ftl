label-now = For now
label-why = Why
label-proof = Evidence
label-limit = Deadline
label-data = Data
label-fix = Fix
label-look = Look
label-myth = Won't help
severity-critical = CRITICAL
severity-warning = WARNING
severity-notice = NOTICE
severity-ok = OK
likely = likely
inferred = inferred
subject-pids = { $count ->
    [one] { $pid } and { $count } more process
   *[other] { $pid } and { $count } more processes
}
subject-user = user { $name }
subject-host = this host
subject-unknown = owner not visible
subject-in-netns = { $subject }, netns { $netns }
remedy-with-risk = { $text }; { $risk }
remedy-needs = It needs { $what }.
remedy-persist = To keep it over a restart
remedy-persist-in = To keep it over a restart, write into { $file }
remedy-undo = To take it back
remedy-verify = To see that it worked
verdict-critical = { $count } critical
verdict-warning = { $count ->
    [one] { $count } warning
   *[other] { $count } warnings
}
verdict-notice = { $count ->
    [one] { $count } notice
   *[other] { $count } notices
}
verdict-ok = { $count } ok
verdict-nothing = nothing found
rules-not-checked = { $count ->
    [one] { $count } rule not checked
   *[other] { $count } rules not checked
}
sockets-of-others = { $count ->
    [one] { $count } socket of other users: sudo
   *[other] { $count } sockets of other users: sudo
}
needs-of-some = { $count } with { $needs }
with-needs = { $what } ({ $needs })
heading-not-checked = Not checked
shows-all = { $command } shows all
rule-needs = needs: { $what }
rule-changed = (set by { $origin }; default { $default })
script-head = Made by sockdoc { $version } on { $host }, { $time }.
script-about = Read it before you run it, as root. It lasts until the next restart of the host. A value that is set already, or that has changed since, is left alone.
script-nothing = No kernel setting would help.
script-risk = Risk: { $risk }
script-undo = To take it back: { $command }
script-left-alone = { $name } has changed since: left alone
drop-in-about = Put it into { $file } and load that file alone: sysctl -p { $file }
incident-contributes = Makes it worse, or shows how it came about:
incident-results = Follows from it:
incident-may-be-related = May be related:
incidents-beyond = { $count ->
    [one] and { $count } more finding
   *[other] and { $count } more findings
}
too-young = { $count } { $state } are younger than { $age }, too young for { $rule } to judge: run it again in { $left }, or sockdoc check --for { $wait }
too-short = { $count } { $state } have waited for an answer for less than { $age }, too short for { $rule } to judge: run it again in { $left }, or sockdoc check --for { $wait }
