//! Where the runner reads the files of the space from.

/// The read-only files of a bundle.
pub trait Assets {
    /// Reads a whole file.
    ///
    /// # Errors
    /// A message that names the file.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// The paths of all files, sorted.
    fn paths(&self) -> Vec<String>;

    /// True where the bundle has the file.
    fn contains(&self, path: &str) -> bool {
        self.paths().iter().any(|other| other == path)
    }

    /// Reads a text file.
    ///
    /// # Errors
    /// A message that names the file.
    fn read_text(&self, path: &str) -> Result<String, String> {
        String::from_utf8(self.read(path)?).map_err(|_| format!("the file `{path}` is not UTF-8 text"))
    }
}
