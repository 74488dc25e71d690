//! Two hundred megabytes of state.

/// As many numbers as fill 200 MB.
const N_NUMBERS: usize = 25_000_000;

#[guest_sdk::space]
pub mod app {
    //! State
    //!
    //! Looks a number up in a large table.
    use super::N_NUMBERS;
    use guest_sdk::Result;

    /// Fills the table; no page of it is all zero.
    #[init]
    fn load() -> Result<Vec<u64>> {
        Ok((0..N_NUMBERS as u64).map(|index| index.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1).collect())
    }

    /// The number at a place.
    #[endpoint]
    fn look(table: &Vec<u64>, index: f64) -> f64 {
        (table[index as usize % N_NUMBERS] >> 11) as f64
    }
}
