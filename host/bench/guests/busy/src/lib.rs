//! Keeps a processor busy.

#[guest_sdk::space]
pub mod app {
    //! Busy
    //!
    //! Computes without memory, as long as it is asked to.

    /// So many million rounds of a generator of random numbers (xorshift, Marsaglia 2003).
    #[endpoint]
    pub fn work(millions: f64) -> f64 {
        let mut state = 88_172_645_463_325_252_u64;
        for _ in 0..(millions * 1e6) as u64 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }
        (state >> 11) as f64
    }
}
