//! Memory pressure on one process, by a control group of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A process whose memory the kernel takes back when told to: what can be read again from files leaves, and copies of
/// what was written are kept, since there is no other place for them.
pub(crate) struct Pressure {
    group: PathBuf,
    reclaim: PathBuf,
    amount: &'static str,
}

impl Pressure {
    /// Puts process `pid`, and those that it starts from now on, into a group.
    ///
    /// # Errors
    /// Where this machine lets nobody make groups.
    pub(crate) fn on(pid: u32) -> io::Result<Self> {
        let (version_1, version_2) = (Path::new("/sys/fs/cgroup/memory"), Path::new("/sys/fs/cgroup"));
        let (base, file, amount) = match version_1.join("memory.force_empty").exists() || version_1.exists() {
            true => (version_1, "memory.force_empty", "0"),
            false => (version_2, "memory.reclaim", "1G"),
        };
        let group = base.join(format!("vitrine-test-{pid}"));
        fs::create_dir(&group)?;
        let made = Self { reclaim: group.join(file), group, amount };
        fs::write(made.group.join("cgroup.procs"), pid.to_string())?;
        made.squeeze()?;
        Ok(made)
    }

    /// Takes back all that can be taken.
    ///
    /// # Errors
    /// Where the kernel does not know how.
    pub(crate) fn squeeze(&self) -> io::Result<()> {
        match fs::write(&self.reclaim, self.amount) {
            // It has freed less than it was asked for, which is all that there was.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            done => done,
        }
    }
}

impl Drop for Pressure {
    fn drop(&mut self) {
        // The process may have ended, or another test may use it: it goes back where all are.
        if let (Some(parent), Ok(members)) = (self.group.parent(), fs::read_to_string(self.group.join("cgroup.procs")))
        {
            for pid in members.lines() {
                let _ = fs::write(parent.join("cgroup.procs"), pid);
            }
        }
        let _ = fs::remove_dir(&self.group);
    }
}
