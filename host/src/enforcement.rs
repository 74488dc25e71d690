//! Which limits this machine can enforce, found out and said once at start.

use crate::config::ServeArgs;
use crate::publishing::cgroup::Cgroups;

/// What the kernel lets this server do.
pub(crate) struct Enforcement {
    /// Whether a worker can become another user in a file system of its own.
    drops_privileges: bool,
    /// Where it may bound the memory of workers.
    pub(crate) cgroups: Option<Cgroups>,
    has_swap: bool,
}

/// Capabilities that the worker needs to give up all rights: to give its folder away, to leave its groups, to change
/// its user, and to change its root. Bits of capabilities(7).
const TO_DROP_PRIVILEGES: u64 = 1 << 0 | 1 << 6 | 1 << 7 | 1 << 18;

impl Enforcement {
    /// Looks at this process and this machine, and takes over its control group where it may.
    pub(crate) fn detect() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        Self {
            drops_privileges: effective_capabilities(&status) & TO_DROP_PRIVILEGES == TO_DROP_PRIVILEGES,
            cgroups: Cgroups::take_over(),
            has_swap: host_runtime::has_swap(),
        }
    }

    /// The user that workers become; none where they stay the server's.
    pub(crate) fn worker_user(&self, args: &ServeArgs) -> Option<u32> {
        self.drops_privileges.then_some(args.publish_user)
    }

    /// Logs what is weaker here than it could be, in one line.
    pub(crate) fn warn(&self) {
        let weaker = self.weaker();
        if weaker.is_empty() {
            return;
        }
        tracing::warn!("some limits are weaker on this machine: {}", weaker.join("; "));
    }

    fn weaker(&self) -> Vec<&'static str> {
        let mut weaker = Vec::new();
        if self.cgroups.is_none() {
            weaker.push(
                "the memory of a publish is watched by polling, not enforced by the kernel to the byte; give the server a control group (version 2) of its own that it may change, such as systemd's `Delegate=memory`",
            );
        }
        if !self.drops_privileges {
            weaker.push(
                "publishes run as the server's own user and see its files; start the server as root, or with CAP_CHOWN, CAP_SETGID, CAP_SETUID and CAP_SYS_CHROOT, to run them as a user of their own",
            );
        }
        if self.has_swap {
            weaker.push(
                "there is swap, so the memory of guests may reach the disk, and instances keep no memory from one call to the next, which makes calls slower",
            );
        }
        weaker
    }
}

/// The effective capabilities in the text of `/proc/<pid>/status`.
fn effective_capabilities(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    line.and_then(|value| u64::from_str_radix(value.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_read() {
        assert_eq!(effective_capabilities("Name:\tx\nCapPrm:\t1\nCapEff:\t00000000a80425fb\n"), 0xa804_25fb);
        assert_eq!(effective_capabilities("Name:\tx\n"), 0);
        // What container engines leave to root by default is enough.
        assert_eq!(0xa804_25fb & TO_DROP_PRIVILEGES, TO_DROP_PRIVILEGES);
    }

    #[test]
    fn each_weakness_is_named() {
        let all = Enforcement { drops_privileges: false, cgroups: None, has_swap: true }.weaker().join(" ");
        assert!(["memory", "user", "swap"].iter().all(|word| all.contains(word)), "{all}");
        assert_eq!(Enforcement { drops_privileges: true, cgroups: None, has_swap: false }.weaker().len(), 1);
    }
}
