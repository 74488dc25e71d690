//! A server that dies during a publish: the old revision or the new one, never anything between.
//!
//! The dying server is this test program again, told by an environment variable where to stop.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use spaces::store::{Store, Swept};
use tempfile::TempDir;

use crate::support::{id, live_title, n_files, prepare, publish};

const DATA: &str = "VITRINE_TEST_CRASH_DATA";
const AT: &str = "VITRINE_TEST_CRASH_AT";

/// Not a test but the program that dies: does nothing unless it is started by the tests below.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "tells its parent how far it is")]
#[expect(clippy::disallowed_methods, reason = "a test has no command line of its own")]
async fn dying_server() {
    let (Ok(data), Ok(at)) = (env::var(DATA), env::var(AT)) else {
        return;
    };
    // Ends the process at once, without destructors, as `kill -9` does.
    let reached = |step: &str| {
        if step == at {
            std::process::abort();
        }
    };
    let store = Store::open(Path::new(&data)).await.unwrap();
    let draft = store.draft().await.unwrap();
    fs::write(draft.file("upload"), b"half an upl").unwrap();
    reached("receive");
    let new = prepare(&draft, "alice/iris", "new").await;
    reached("put");
    println!("\ncommitting");
    let number = draft.commit(new).await.unwrap();
    reached("committed");
    println!("\nlive {number}");
    std::future::pending::<()>().await;
}

fn start_dying_server(data: &Path, at: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::dying_server", "--nocapture"])
        .envs([(DATA, data.as_os_str()), (AT, at.as_ref())])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

async fn with_old_revision() -> TempDir {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    publish(&store, "alice/iris", "old").await;
    folder
}

#[tokio::test]
async fn death_before_the_commit_leaves_the_old_revision() {
    for step in ["receive", "put"] {
        let folder = with_old_revision().await;
        let before = n_files(&folder.path().join("objects")) + n_files(&folder.path().join("artefacts"));
        assert!(!start_dying_server(folder.path(), step).wait().unwrap().success());
        assert!(n_files(&folder.path().join("tmp")) > 0, "{step}");

        let store = Store::open(folder.path()).await.unwrap();
        assert_eq!(live_title(&store, "alice/iris").await.as_deref(), Some("old"), "{step}");
        assert_eq!(store.revisions(&id("alice/iris")).await.unwrap().len(), 1, "{step}");
        // The leftovers in `tmp` told `open` to sweep.
        assert_eq!(n_files(&folder.path().join("tmp")), 0, "{step}");
        let after = n_files(&folder.path().join("objects")) + n_files(&folder.path().join("artefacts"));
        assert_eq!(after, before, "{step}");
    }
}

#[tokio::test]
async fn death_after_the_commit_leaves_the_new_revision() {
    let folder = with_old_revision().await;
    assert!(!start_dying_server(folder.path(), "committed").wait().unwrap().success());
    let store = Store::open(folder.path()).await.unwrap();
    assert_eq!(live_title(&store, "alice/iris").await.as_deref(), Some("new"));
}

#[tokio::test]
async fn a_kill_during_the_commit_leaves_one_or_the_other() {
    for _ in 0..10 {
        let folder = with_old_revision().await;
        let mut server = start_dying_server(folder.path(), "never");
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        // Killed somewhere between here and long after the commit, as the scheduler likes.
        assert!(lines.map_while(Result::ok).any(|line| line == "committing"));
        server.kill().unwrap();
        server.wait().unwrap();

        let store = Store::open(folder.path()).await.unwrap();
        let title = live_title(&store, "alice/iris").await.unwrap();
        let n_revisions = store.revisions(&id("alice/iris")).await.unwrap().len();
        assert!(matches!((title.as_str(), n_revisions), ("old", 1) | ("new", 2)), "{title}, {n_revisions}");
        let live = store.live_revision(&id("alice/iris")).await.unwrap().unwrap().revision;
        let text = fs::read_to_string(store.asset_path(&live.assets[0].digest)).unwrap();
        assert_eq!(text, format!("labels.txt:{title}"));
        assert!(matches!(store.sweep().await.unwrap(), Swept::Done { n_files: 0, .. }));
    }
}
