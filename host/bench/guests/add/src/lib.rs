//! Adds two numbers.

#[guest_sdk::space]
pub mod app {
    //! Add
    //!
    //! Adds two numbers.

    /// The sum of two numbers.
    #[endpoint]
    pub fn add(x: f64, y: f64) -> f64 {
        x + y
    }
}
