//! Paths as real hosts have them; `ID` and `OUT` stand for full container ids.

use super::*;

const ID: &str = "3f2a9c0d1e4b5a6978877665544332211f0e0d0c0b0a09080706050403020100";
const OUT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const POD: &str = "0d2c1f3e-5a6b-4c7d-8e9f-a0b1c2d3e4f5";
const TASK: &str = "0123456789abcdef0123456789abcdef";

/// Path, unit, runtime, id, pod; empty for none.
const PATHS: &[(&str, &str, &str, &str, &str)] = &[
    // systemd
    ("/", "", "", "", ""),
    ("/init.scope", "init.scope", "", "", ""),
    ("/system.slice/nginx.service", "nginx.service", "", "", ""),
    ("/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", "", "", ""),
    (r"/system.slice/my\x2dapp.service", r"my\x2dapp.service", "", "", ""),
    ("/system.slice/_cpu.service", "cpu.service", "", "", ""),
    ("/system.slice/cups.socket", "", "", "", ""),
    ("/system.slice/.service", "", "", "", ""),
    ("/system.slice", "", "", "", ""),
    ("/system.slice/php-fpm.service/pool", "php-fpm.service", "", "", ""),
    ("/user.slice/user-1000.slice/session-3.scope", "session-3.scope", "", "", ""),
    (
        r"/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-org.mozilla\x2dfirefox-4242.scope",
        r"app-gnome-org.mozilla\x2dfirefox-4242.scope",
        "",
        "",
        "",
    ),
    ("/user.slice/user-1000.slice/user@1000.service/init.scope", "init.scope", "", "", ""),
    // docker
    ("/docker/ID", "", "docker", "ID", ""),
    ("/docker/ID/init.scope", "init.scope", "docker", "ID", ""),
    ("/system.slice/docker-ID.scope", "docker-ID.scope", "docker", "ID", ""),
    ("/system.slice/docker.service", "docker.service", "", "", ""),
    ("/system.slice/docker.service/docker/ID", "docker.service", "docker", "ID", ""),
    ("/user.slice/user-1000.slice/user@1000.service/user.slice/docker-ID.scope", "docker-ID.scope", "docker", "ID", ""),
    ("/docker/OUT/docker/ID", "", "docker", "ID", ""),
    ("/system.slice/docker-OUT.scope/docker/ID", "docker-OUT.scope", "docker", "ID", ""),
    ("/docker/OUT/system.slice/docker-ID.scope", "docker-ID.scope", "docker", "ID", ""),
    ("/docker/ID/buildkit/uqk1", "", "docker", "ID", ""),
    ("/actions_job/ID", "", "docker", "ID", ""),
    ("/ecs/TASK/ID", "", "docker", "ID", ""),
    ("/ecs/TASK/TASK-4242", "", "containerd", "TASK-4242", ""),
    ("/docker/3f2a", "", "", "", ""),
    ("/batch/ID", "", "", "", ""),
    ("/system.slice/docker-proxy.scope", "docker-proxy.scope", "", "", ""),
    // containerd
    ("/default/ID", "", "containerd", "ID", ""),
    ("/system.slice/nerdctl-ID.scope", "nerdctl-ID.scope", "containerd", "ID", ""),
    ("/system.slice/containerd.service", "containerd.service", "", "", ""),
    (
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podP_D.slice/cri-containerd-ID.scope",
        "cri-containerd-ID.scope",
        "containerd",
        "ID",
        "POD",
    ),
    (
        "/kubepods.slice/kubepods-podP_D.slice/cri-containerd-ID.scope",
        "cri-containerd-ID.scope",
        "containerd",
        "ID",
        "POD",
    ),
    ("/kubepods/besteffort/podPOD/ID", "", "containerd", "ID", "POD"),
    ("/kubepods/podPOD/ID", "", "containerd", "ID", "POD"),
    ("/kubepods/burstable/podTASK/ID", "", "containerd", "ID", "TASK"),
    (
        "/system.slice/containerd.service/kubepods-burstable-podP_D.slice:cri-containerd:ID",
        "containerd.service",
        "containerd",
        "ID",
        "POD",
    ),
    (
        "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-podP_D.slice/cri-containerd-ID.scope",
        "cri-containerd-ID.scope",
        "containerd",
        "ID",
        "POD",
    ),
    ("/docker/OUT/kubelet/kubepods/besteffort/podPOD/ID", "", "containerd", "ID", "POD"),
    ("/kubepods.slice/kubepods-podP_D.slice", "", "", "", ""),
    // cri-o
    (
        "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podP_D.slice/crio-ID.scope",
        "crio-ID.scope",
        "cri-o",
        "ID",
        "POD",
    ),
    ("/kubepods/burstable/podPOD/crio-ID", "", "cri-o", "ID", "POD"),
    ("/kubepods.slice/kubepods-podP_D.slice/crio-conmon-ID.scope", "crio-conmon-ID.scope", "", "", ""),
    ("/kubepods.slice/kubepods-podP_D.slice/crio-ID.scope/container", "crio-ID.scope", "cri-o", "ID", "POD"),
    // podman
    ("/machine.slice/libpod-ID.scope", "libpod-ID.scope", "podman", "ID", ""),
    ("/machine.slice/libpod-ID.scope/container", "libpod-ID.scope", "podman", "ID", ""),
    ("/machine.slice/libpod-conmon-ID.scope", "libpod-conmon-ID.scope", "", "", ""),
    ("/machine.slice/machine-libpod_pod_OUT.slice/libpod-ID.scope", "libpod-ID.scope", "podman", "ID", ""),
    ("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope", "libpod-ID.scope", "podman", "ID", ""),
    ("/libpod_parent/libpod-ID", "", "podman", "ID", ""),
    ("/system.slice/web.service/libpod-payload-ID", "web.service", "podman", "ID", ""),
    ("/user.slice/user-1000.slice/user@1000.service/user.slice/podman-77.scope", "podman-77.scope", "", "", ""),
    // lxc
    ("/lxc.payload.web", "", "lxc", "web", ""),
    ("/lxc.payload.web/system.slice/nginx.service", "nginx.service", "lxc", "web", ""),
    ("/lxc.payload/web", "", "lxc", "web", ""),
    ("/lxc.monitor.web", "", "", "", ""),
    ("/lxc/101/ns/init.scope", "init.scope", "lxc", "101", ""),
    ("/lxc.payload.web/docker/ID", "", "docker", "ID", ""),
    // machines
    ("/machine.slice/machine-debian.scope", "machine-debian.scope", "systemd-nspawn", "debian", ""),
    (r"/machine.slice/machine-my\x2dbox.scope/payload", r"machine-my\x2dbox.scope", "systemd-nspawn", "my-box", ""),
    (
        "/machine.slice/systemd-nspawn@debian.service/payload",
        "systemd-nspawn@debian.service",
        "systemd-nspawn",
        "debian",
        "",
    ),
    (r"/machine.slice/machine-qemu\x2d1\x2dvm.scope/libvirt/emulator", r"machine-qemu\x2d1\x2dvm.scope", "", "", ""),
    (r"/machine.slice/machine-lxc\x2d99\x2dvm\x2d1.scope", r"machine-lxc\x2d99\x2dvm\x2d1.scope", "lxc", "vm-1", ""),
];

fn full(text: &str) -> String {
    let pod = POD.replace('-', "_");
    text.replace("P_D", &pod).replace("POD", POD).replace("OUT", OUT).replace("TASK", TASK).replace("ID", ID)
}

#[test]
fn paths_of_real_hosts_say_where_a_process_belongs() {
    for &(path, unit, runtime, id, pod) in PATHS {
        let some = |text: &str| (!text.is_empty()).then(|| full(text).into_boxed_str());
        let container = some(id).map(|id| (runtime, id, some(pod)));
        let found = place(&full(path));
        assert_eq!(found.unit, some(unit), "{path}");
        assert_eq!(found.container.map(|found| (found.runtime, found.id, found.pod)), container, "{path}");
        assert_eq!(found.cgroup, some(path), "{path}");
    }
}

#[test]
fn escapes_that_are_none_stay() {
    for (text, plain) in
        [(r"a\x2db", "a-b"), (r"a\x2", r"a\x2"), (r"a\xzz", r"a\xzz"), (r"\x5cx2d", r"\x2d"), (r"\x中", r"\x中")]
    {
        assert_eq!(unescape(text), plain);
    }
    assert_eq!(unescape_octal(r"/a\040b\134"), r"/a b\");
}

#[test]
fn no_path_breaks_it() {
    for path in [
        "",
        "///",
        "/docker",
        "/docker/",
        "/pod",
        "/pod/ID",
        "/x.slice:y",
        "/x.slice:docker:",
        "/lxc.payload.",
        "/machine-.scope",
        "/é/libpod-é",
        "/ecs",
    ] {
        let _ = place(path);
    }
}
