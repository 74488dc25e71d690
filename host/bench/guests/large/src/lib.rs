//! Takes a large file.

#[guest_sdk::space]
pub mod app {
    //! Large
    //!
    //! Tells how long a file is.
    use guest_sdk::File;

    /// The file's length in bytes.
    #[endpoint]
    pub fn length(file: File) -> f64 {
        file.bytes.len() as f64
    }
}
