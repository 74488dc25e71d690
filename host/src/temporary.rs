//! Files that visitors send before a call, and that calls answer with: kept for a while, under names nobody guesses.
//!
//! Whoever knows the name may read the file, so the name is the permission: 128 random bits. Each visitor's files have
//! a bound of their own, and beyond it that visitor's oldest go: nobody can push out another's.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use spaces::SpaceId;

/// How often files that are over their time are looked for.
const SWEEP_INTERVAL: Duration = Duration::from_secs(30);
/// The most files of one visitor: each takes a place in memory besides its bytes.
const MAX_FILES_OF_VISITOR: usize = 1_000;

/// What the operator grants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TemporaryLimits {
    /// How long a file is kept.
    pub(crate) ttl: Duration,
    /// The most bytes of one visitor.
    pub(crate) visitor_bytes: u64,
    /// The most bytes of all visitors.
    pub(crate) total_bytes: u64,
}

/// Who a file belongs to: an address, or for IPv6 the network that a household or a company has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Visitor(IpAddr);

impl Visitor {
    pub(crate) fn new(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(IpAddr::V6((address.to_bits() & !0 << 64).into())),
            address @ IpAddr::V4(_) => Self(address),
        }
    }
}

/// One file; removed from the disk when nobody holds it any more.
#[derive(Debug)]
pub(crate) struct TemporaryFile {
    /// Names it in URLs.
    pub(crate) id: String,
    pub(crate) space: SpaceId,
    /// As the visitor or the app calls it, without folders.
    pub(crate) name: String,
    pub(crate) mime_type: String,
    pub(crate) size_bytes: u64,
    path: PathBuf,
    made: Instant,
}

impl TemporaryFile {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // A folder that somebody has emptied is as good.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// What a file is made of.
pub(crate) struct NewFile {
    pub(crate) name: String,
    pub(crate) mime_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeepError {
    #[error("the file has {size} bytes, more than the {limit} that a visitor may leave here")]
    TooLarge { size: u64, limit: u64 },
    #[error("the server keeps as many files as it can: try again in some minutes")]
    Full,
    #[error("the file cannot be written")]
    Write(#[from] std::io::Error),
}

/// All temporary files of the server.
pub(crate) struct TemporaryFiles {
    folder: PathBuf,
    limits: TemporaryLimits,
    files: DashMap<String, Arc<TemporaryFile>>,
    /// What each visitor has; one lock, since files are rare beside calls.
    accounts: Mutex<Accounts>,
}

#[derive(Default)]
struct Accounts {
    /// The oldest first.
    visitors: std::collections::HashMap<Visitor, std::collections::VecDeque<Arc<TemporaryFile>>>,
    total_bytes: u64,
}

impl TemporaryFiles {
    /// Files in `folder`; those of an earlier run go, since nobody knows their names any more.
    ///
    /// # Errors
    /// When the folder cannot be emptied and made.
    pub(crate) fn new(folder: PathBuf, limits: TemporaryLimits) -> std::io::Result<Arc<Self>> {
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::fs::create_dir_all(&folder)?;
        Ok(Arc::new(Self { folder, limits, files: DashMap::new(), accounts: Mutex::default() }))
    }

    /// The file of this name, where it is this space's.
    pub(crate) fn find(&self, space: &SpaceId, id: &str) -> Option<Arc<TemporaryFile>> {
        let file = Arc::clone(self.files.get(id)?.value());
        (file.space == *space && file.made.elapsed() < self.limits.ttl).then_some(file)
    }

    /// Keeps a file for the visitor. Blocks on the disk.
    ///
    /// # Errors
    /// [`KeepError`].
    pub(crate) fn keep(
        &self,
        space: &SpaceId,
        visitor: Visitor,
        file: NewFile,
    ) -> Result<Arc<TemporaryFile>, KeepError> {
        let size_bytes = file.bytes.len() as u64;
        if size_bytes > self.limits.visitor_bytes {
            return Err(KeepError::TooLarge { size: size_bytes, limit: self.limits.visitor_bytes });
        }
        let id = hex::encode(rand::random::<[u8; 16]>());
        let path = self.folder.join(&id);
        let kept = Arc::new(TemporaryFile {
            id: id.clone(),
            space: space.clone(),
            name: file.name,
            mime_type: file.mime_type,
            size_bytes,
            path,
            made: Instant::now(),
        });
        // Its room is taken before its bytes are written, so that many at once cannot take more than there is.
        self.make_room(visitor, &kept)?;
        if let Err(error) = std::fs::write(&kept.path, &file.bytes) {
            self.forget(visitor, &id);
            return Err(error.into());
        }
        self.files.insert(id, Arc::clone(&kept));
        Ok(kept)
    }

    /// Forgets a deleted space's files.
    pub(crate) fn forget_space(&self, space: &SpaceId) {
        self.retain(|file| file.space != *space);
    }

    /// Lets files go that are over their time, until the server stops.
    pub(crate) async fn sweep(self: Arc<Self>) {
        let mut turns = tokio::time::interval(SWEEP_INTERVAL);
        loop {
            turns.tick().await;
            let files = Arc::clone(&self);
            crate::blocking::run(move || files.retain(|file| file.made.elapsed() < files.limits.ttl)).await;
        }
    }

    fn make_room(&self, visitor: Visitor, file: &Arc<TemporaryFile>) -> Result<(), KeepError> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut gone = Vec::new();
        let theirs = accounts.visitors.entry(visitor).or_default();
        let mut bytes: u64 = theirs.iter().map(|file| file.size_bytes).sum();
        while bytes + file.size_bytes > self.limits.visitor_bytes || theirs.len() >= MAX_FILES_OF_VISITOR {
            let Some(oldest) = theirs.pop_front() else { break };
            bytes -= oldest.size_bytes;
            gone.push(oldest);
        }
        accounts.total_bytes -= gone.iter().map(|file| file.size_bytes).sum::<u64>();
        let fits = accounts.total_bytes + file.size_bytes <= self.limits.total_bytes;
        if fits {
            accounts.total_bytes += file.size_bytes;
            accounts.visitors.entry(visitor).or_default().push_back(Arc::clone(file));
        }
        drop(accounts);
        for file in &gone {
            self.files.remove(&file.id);
        }
        if fits { Ok(()) } else { Err(KeepError::Full) }
    }

    fn forget(&self, visitor: Visitor, id: &str) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(theirs) = accounts.visitors.get_mut(&visitor) else { return };
        if let Some(index) = theirs.iter().position(|file| file.id == id)
            && let Some(file) = theirs.remove(index)
        {
            accounts.total_bytes -= file.size_bytes;
        }
    }

    fn retain(&self, keep: impl Fn(&TemporaryFile) -> bool) {
        let mut gone = Vec::new();
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.visitors.retain(|_, files| {
            files.retain(|file| {
                keep(file) || {
                    gone.push(Arc::clone(file));
                    false
                }
            });
            !files.is_empty()
        });
        accounts.total_bytes -= gone.iter().map(|file| file.size_bytes).sum::<u64>();
        drop(accounts);
        for file in &gone {
            self.files.remove(&file.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(limits: TemporaryLimits) -> (tempfile::TempDir, Arc<TemporaryFiles>) {
        let folder = tempfile::tempdir().expect("a folder");
        let files = TemporaryFiles::new(folder.path().join("files"), limits).expect("an empty folder");
        (folder, files)
    }

    fn limits(ttl: Duration) -> TemporaryLimits {
        TemporaryLimits { ttl, visitor_bytes: 10, total_bytes: 15 }
    }

    fn file(size: usize) -> NewFile {
        NewFile { name: "x".to_owned(), mime_type: "text/plain".to_owned(), bytes: vec![b'x'; size] }
    }

    fn visitor(last: u8) -> Visitor {
        Visitor::new(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn a_visitor_pushes_out_nobody_else() {
        let (_folder, files) = files(limits(Duration::from_secs(60)));
        let space = SpaceId::new("ada", "files").expect("a name");
        let keep = |who, size| files.keep(&space, visitor(who), file(size));
        let first = keep(1, 6).expect("fits").id.clone();
        assert!(matches!(keep(1, 11), Err(KeepError::TooLarge { size: 11, limit: 10 })));
        let other = keep(2, 9).expect("fits").id.clone();
        assert!(matches!(keep(3, 1), Err(KeepError::Full)), "the server is full");
        let second = keep(1, 5).expect("the visitor's own first file goes").id.clone();
        assert!(files.find(&space, &first).is_none());
        assert!(files.find(&space, &other).is_some() && files.find(&space, &second).is_some());
        assert_eq!(std::fs::read_dir(&files.folder).expect("a folder").count(), 2, "and its bytes");
        assert!(files.find(&SpaceId::new("ada", "other").expect("a name"), &second).is_none(), "not of that space");
        files.forget_space(&space);
        assert_eq!(std::fs::read_dir(&files.folder).expect("a folder").count(), 0);
        assert_eq!(files.accounts.lock().expect("whole").total_bytes, 0);
    }

    #[test]
    fn files_go_when_their_time_is_over() {
        let (_folder, files) = files(limits(Duration::ZERO));
        let space = SpaceId::new("ada", "files").expect("a name");
        let kept = files.keep(&space, visitor(1), file(1)).expect("fits");
        assert!(files.find(&space, &kept.id).is_none(), "its time is over before it is swept");
        files.retain(|file| file.made.elapsed() < files.limits.ttl);
        drop(kept);
        assert_eq!(std::fs::read_dir(&files.folder).expect("a folder").count(), 0);
    }

    #[test]
    fn one_household_is_one_visitor() {
        let address = |text: &str| Visitor::new(text.parse().expect("an address"));
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:2"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:10.0.0.1"), address("10.0.0.1"));
        assert_ne!(address("10.0.0.1"), address("10.0.0.2"));
    }
}
