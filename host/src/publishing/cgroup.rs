//! Memory of workers that the kernel itself bounds: by control groups, where this server may make them.
//!
//! That is so where its own group holds nothing but this process and has been handed over to it, as systemd does
//! with `Delegate=memory` and container engines do with a writable group of the container's own. The server then
//! moves into a group below, since a group with processes cannot have limited ones beside them, and gives each
//! worker another. Source: Linux, Documentation/admin-guide/cgroup-v2.rst, "Delegation" and "Memory".

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

const PROCESSES: &str = "cgroup.procs";
const SERVER_GROUP: &str = "server";
const WORKER_PREFIX: &str = "publish-";

/// The place where groups of workers are made.
#[derive(Debug)]
pub(crate) struct Cgroups {
    base: PathBuf,
    n_made: AtomicU64,
}

/// The group of one worker; removed when dropped.
#[derive(Debug)]
pub(super) struct Cgroup {
    path: PathBuf,
}

impl Cgroups {
    /// Moves this process aside and takes over its group; none where that is not allowed, and then nothing has
    /// changed.
    pub(crate) fn take_over() -> Option<Self> {
        let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
        let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
        let base = own_group(&groups, &mounts)?;
        let own = std::process::id().to_string();
        let controllers = fs::read_to_string(base.join("cgroup.controllers")).ok()?;
        let processes = fs::read_to_string(base.join(PROCESSES)).ok()?;
        if !controllers.split_whitespace().any(|name| name == "memory") || processes.trim() != own {
            return None;
        }
        let server = base.join(SERVER_GROUP);
        fs::create_dir(&server).or_else(|error| exists(&server).then_some(()).ok_or(error)).ok()?;
        let limited = fs::write(server.join(PROCESSES), &own)
            .and_then(|()| fs::write(base.join("cgroup.subtree_control"), "+memory"));
        if limited.is_err() {
            // Back to where it was; should that fail too, being one group lower does no harm.
            let _ = fs::write(base.join(PROCESSES), &own);
            let _ = fs::remove_dir(&server);
            return None;
        }
        remove_leftovers(&base);
        Some(Self { base, n_made: AtomicU64::new(0) })
    }

    /// Makes a group for process `pid`, with at most `max_bytes` of memory, nothing of it on a swap device.
    ///
    /// # Errors
    /// When the kernel refuses it.
    pub(super) fn confine(&self, pid: u32, max_bytes: u64) -> io::Result<Cgroup> {
        let number = self.n_made.fetch_add(1, Ordering::Relaxed);
        let group = Cgroup { path: self.base.join(format!("{WORKER_PREFIX}{number}")) };
        fs::create_dir(&group.path)?;
        fs::write(group.path.join("memory.max"), max_bytes.to_string())?;
        // All threads end together.
        fs::write(group.path.join("memory.oom.group"), "1")?;
        let swap = group.path.join("memory.swap.max");
        if exists(&swap) {
            fs::write(swap, "0")?;
        }
        fs::write(group.path.join(PROCESSES), pid.to_string())?;
        Ok(group)
    }
}

impl Cgroup {
    /// True if the kernel has ended the process because its memory was used up.
    pub(super) fn ran_out(&self) -> bool {
        let events = fs::read_to_string(self.path.join("memory.events")).unwrap_or_default();
        events.lines().any(|line| line.strip_prefix("oom_kill ").is_some_and(|count| count != "0"))
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        // Refused while a process is in it; the next start tries again.
        let _ = fs::remove_dir(&self.path);
    }
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Removes groups of workers that died with an earlier server.
fn remove_leftovers(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(WORKER_PREFIX)) {
            let _ = fs::remove_dir(entry.path());
        }
    }
}

/// The folder of this process's group, from `/proc/self/cgroup` and `/proc/self/mountinfo`; none where version 2 is
/// not mounted, or shows another part of the tree.
fn own_group(groups: &str, mounts: &str) -> Option<PathBuf> {
    let group = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
    mounts.lines().find_map(|line| {
        let (mount, file_system) = line.split_once(" - ")?;
        if file_system.split(' ').next() != Some("cgroup2") {
            return None;
        }
        let mut fields = mount.split(' ').skip(3);
        let (root, mount_point) = (fields.next()?, fields.next()?);
        Some(Path::new(mount_point).join(Path::new(group).strip_prefix(root).ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_group_is_found() {
        let check = |groups: &str, mounts: &str, expected: Option<&str>| {
            assert_eq!(own_group(groups, mounts).as_deref(), expected.map(Path::new), "{groups}{mounts}");
        };
        let mount = |root: &str, at: &str| {
            format!(
                "24 1 0:22 / /proc rw,relatime shared:5 - proc proc rw\n\
                 35 24 0:29 {root} {at} rw,nosuid,nodev shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
            )
        };
        let unit = "0::/system.slice/vitrine.service\n";
        let whole = mount("/", "/sys/fs/cgroup");
        check(unit, &whole, Some("/sys/fs/cgroup/system.slice/vitrine.service"));
        check("0::/\n", &whole, Some("/sys/fs/cgroup"));
        // A container that sees only its own part.
        let part = mount("/docker/abc", "/sys/fs/cgroup");
        check("0::/docker/abc\n", &part, Some("/sys/fs/cgroup"));
        check("0::/elsewhere\n", &part, None);
        // Version 1, with an empty version 2 beside it.
        let hybrid = "12:memory:/x\n1:name=systemd:/x\n0::/x\n";
        check(hybrid, &mount("/", "/sys/fs/cgroup/unified"), Some("/sys/fs/cgroup/unified/x"));
        check("12:memory:/x\n", &whole, None);
        check(unit, "24 1 0:22 / /proc rw - proc proc rw\n", None);
    }
}
