//! Stored tokens: `config.toml` in the configuration folder, one token per server.
//!
//! **Invariant**: the file is readable by its owner alone (0600), in a folder of mode 0700, from its first byte.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::environment::Environment;
use super::error::CliError;
use crate::base_url::BaseUrl;

const FILE_NAME: &str = "config.toml";
const FILE_MODE: u32 = 0o600;
const DIR_MODE: u32 = 0o700;

/// The tokens, and where they are kept.
#[derive(Debug)]
pub(crate) struct Credentials {
    dir: PathBuf,
    config: Config,
}

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Config {
    /// By the server's URL.
    servers: BTreeMap<String, ServerConfig>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ServerConfig {
    token: String,
}

impl Credentials {
    /// Reads the file; none yet is an empty one.
    ///
    /// # Errors
    /// [`CliError`] where there is no home, or the file cannot be read.
    pub(crate) fn load(environment: &Environment) -> Result<Self, CliError> {
        let dir = environment.config_dir.clone().ok_or_else(|| {
            CliError::input(
                "neither HOME nor XDG_CONFIG_HOME is set, so there is no place for a stored token: use --token",
            )
        })?;
        let path = dir.join(FILE_NAME);
        let config = match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error: toml::de::Error| {
                CliError::input(format!("cannot read `{}`: {}", path.display(), error.message()))
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Config::default(),
            Err(error) => return Err(CliError::file("read", &path, error)),
        };
        Ok(Self { dir, config })
    }

    /// The token for a server.
    pub(crate) fn token(&self, server: &BaseUrl) -> Option<&str> {
        self.config.servers.get(server.as_str()).map(|config| config.token.as_str())
    }

    /// Stores the token for a server and returns the file's path.
    ///
    /// # Errors
    /// [`CliError::Io`] where the file cannot be written; the old one is then untouched.
    pub(crate) fn store(&mut self, server: &BaseUrl, token: &str) -> Result<PathBuf, CliError> {
        self.config.servers.insert(server.as_str().to_owned(), ServerConfig { token: token.to_owned() });
        self.save()
    }

    /// Forgets the token for a server; false where there was none.
    ///
    /// # Errors
    /// [`CliError::Io`] where the file cannot be written; the old one is then untouched.
    pub(crate) fn forget(&mut self, server: &BaseUrl) -> Result<bool, CliError> {
        let was_there = self.config.servers.remove(server.as_str()).is_some();
        if was_there {
            self.save()?;
        }
        Ok(was_there)
    }

    fn save(&self) -> Result<PathBuf, CliError> {
        let path = self.dir.join(FILE_NAME);
        let text = toml::to_string(&self.config).expect("a map of strings is TOML");
        write_private(&self.dir, &path, &text).map_err(|error| CliError::file("write", &path, error))?;
        Ok(path)
    }
}

/// Writes a temporary file beside `path` and renames it, so that `path` is never half written or readable by others.
fn write_private(dir: &Path, path: &Path, text: &str) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(DIR_MODE).create(dir)?;
    // An existing folder keeps its mode otherwise.
    fs::set_permissions(dir, Permissions::from_mode(DIR_MODE))?;
    let mut file = tempfile::Builder::new().permissions(Permissions::from_mode(FILE_MODE)).tempfile_in(dir)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(home: &Path) -> Environment {
        Environment { config_dir: Some(home.join("vitrine")), user: None }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it was written").permissions().mode() & 0o777
    }

    #[test]
    fn tokens_are_kept_per_server_and_private() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let environment = environment(home.path());
        let here: BaseUrl = "http://127.0.0.1:7860/".parse().expect("a URL");
        let there: BaseUrl = "https://demo.example.org".parse().expect("a URL");

        // A file that was readable before does not stay so.
        let dir = home.path().join("vitrine");
        fs::create_dir(&dir).expect("a folder");
        fs::write(dir.join(FILE_NAME), "").expect("a file");
        fs::set_permissions(dir.join(FILE_NAME), Permissions::from_mode(0o644)).expect("its mode");

        let mut credentials = Credentials::load(&environment).expect("an empty file");
        let path = credentials.store(&here, "one").expect("stored");
        credentials.store(&there, "two").expect("stored");
        assert_eq!((mode(&path), mode(&dir)), (0o600, 0o700));

        let mut credentials = Credentials::load(&environment).expect("written by us");
        assert_eq!(credentials.token(&here), Some("one"));
        assert_eq!(credentials.token(&there), Some("two"));
        assert!(credentials.forget(&here).expect("stored"));
        assert!(!credentials.forget(&here).expect("stored"));

        let credentials = Credentials::load(&environment).expect("written by us");
        assert_eq!(credentials.token(&here), None);
        assert_eq!(credentials.token(&there), Some("two"));
    }

    #[test]
    fn a_broken_file_is_named() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let dir = home.path().join("vitrine");
        fs::create_dir(&dir).expect("a folder");
        fs::write(dir.join(FILE_NAME), "servers = 1").expect("a file");
        let error = Credentials::load(&environment(home.path())).expect_err("not a table").to_string();
        assert!(error.contains("config.toml"), "{error}");
    }
}
