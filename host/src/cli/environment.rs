//! The environment variables that are not options.

use std::env;
use std::path::PathBuf;

/// What the commands take from the environment besides their options, read once at start.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    /// `$XDG_CONFIG_HOME/vitrine` or `~/.config/vitrine`; none without a home.
    pub(crate) config_dir: Option<PathBuf>,
    /// The login name: the owner of spaces that are published without a target.
    pub(crate) user: Option<String>,
}

impl Environment {
    #[expect(clippy::disallowed_methods, reason = "what is no option; this is where it is read")]
    pub(crate) fn from_env() -> Self {
        // The XDG specification: relative paths there are invalid and to be ignored.
        let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let config_home = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")));
        // In containers often neither variable is set, but the home still has the user's name.
        let home_name = || absolute("HOME")?.file_name()?.to_str().map(str::to_owned);
        Self {
            config_dir: config_home.map(|home| home.join("vitrine")),
            user: env::var("USER").or_else(|_| env::var("LOGNAME")).ok().or_else(home_name),
        }
    }
}
