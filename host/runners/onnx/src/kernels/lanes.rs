//! Four numbers at once: a WebAssembly vector, or an array where there is none.

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod vector {
    #![expect(unsafe_code, reason = "loads and stores through pointers")]

    use std::arch::wasm32 as simd;

    /// Four `f32`.
    #[derive(Clone, Copy)]
    pub(crate) struct F32x4(simd::v128);

    impl F32x4 {
        #[inline(always)]
        pub(crate) fn splat(value: f32) -> Self {
            Self(simd::f32x4_splat(value))
        }

        #[inline(always)]
        pub(crate) fn new(a: f32, b: f32, c: f32, d: f32) -> Self {
            Self(simd::f32x4(a, b, c, d))
        }

        /// # Safety
        /// Four numbers must be readable from `from`, which need not be aligned.
        #[inline(always)]
        pub(crate) unsafe fn load(from: *const f32) -> Self {
            // SAFETY: as the caller promises.
            Self(unsafe { simd::v128_load(from.cast()) })
        }

        /// # Safety
        /// Four numbers must be writable to `to`, which need not be aligned.
        #[inline(always)]
        pub(crate) unsafe fn store(self, to: *mut f32) {
            // SAFETY: as the caller promises.
            unsafe { simd::v128_store(to.cast(), self.0) }
        }

        /// Lane `LANE` in all four.
        #[inline(always)]
        pub(crate) fn broadcast<const LANE: usize>(self) -> Self {
            Self(simd::i32x4_shuffle::<LANE, LANE, LANE, LANE>(self.0, self.0))
        }

        pub(crate) fn lanes(self) -> [f32; 4] {
            [
                simd::f32x4_extract_lane::<0>(self.0),
                simd::f32x4_extract_lane::<1>(self.0),
                simd::f32x4_extract_lane::<2>(self.0),
                simd::f32x4_extract_lane::<3>(self.0),
            ]
        }

        /// `self * factor + term`, rounded once where the processor can.
        #[inline(always)]
        pub(crate) fn multiply_add(self, factor: Self, term: Self) -> Self {
            Self(simd::f32x4_relaxed_madd(self.0, factor.0, term.0))
        }

        #[inline(always)]
        pub(crate) fn add(self, other: Self) -> Self {
            Self(simd::f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn subtract(self, other: Self) -> Self {
            Self(simd::f32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn multiply(self, other: Self) -> Self {
            Self(simd::f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn minimum(self, other: Self) -> Self {
            Self(simd::f32x4_min(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn maximum(self, other: Self) -> Self {
            Self(simd::f32x4_max(self.0, other.0))
        }

        /// Lane by lane: `yes` where `self` is above zero, else `no`.
        #[inline(always)]
        pub(crate) fn where_positive(self, yes: Self, no: Self) -> Self {
            Self(simd::v128_bitselect(yes.0, no.0, simd::f32x4_gt(self.0, simd::f32x4_splat(0.0))))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
mod vector {
    #![expect(unsafe_code, reason = "loads and stores through pointers")]

    /// Four `f32`.
    #[derive(Clone, Copy)]
    pub(crate) struct F32x4([f32; 4]);

    impl F32x4 {
        pub(crate) fn splat(value: f32) -> Self {
            Self([value; 4])
        }

        pub(crate) fn new(a: f32, b: f32, c: f32, d: f32) -> Self {
            Self([a, b, c, d])
        }

        /// # Safety
        /// Four numbers must be readable from `from`, which need not be aligned.
        pub(crate) unsafe fn load(from: *const f32) -> Self {
            // SAFETY: as the caller promises.
            Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
        }

        /// # Safety
        /// Four numbers must be writable to `to`, which need not be aligned.
        pub(crate) unsafe fn store(self, to: *mut f32) {
            // SAFETY: as the caller promises.
            unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
        }

        /// Lane `LANE` in all four.
        pub(crate) fn broadcast<const LANE: usize>(self) -> Self {
            Self([self.0[LANE]; 4])
        }

        pub(crate) fn lanes(self) -> [f32; 4] {
            self.0
        }

        /// `self * factor + term`.
        pub(crate) fn multiply_add(self, factor: Self, term: Self) -> Self {
            self.multiply(factor).add(term)
        }

        pub(crate) fn add(self, other: Self) -> Self {
            self.zip(other, |a, b| a + b)
        }

        pub(crate) fn subtract(self, other: Self) -> Self {
            self.zip(other, |a, b| a - b)
        }

        pub(crate) fn multiply(self, other: Self) -> Self {
            self.zip(other, |a, b| a * b)
        }

        pub(crate) fn minimum(self, other: Self) -> Self {
            self.zip(other, f32::min)
        }

        pub(crate) fn maximum(self, other: Self) -> Self {
            self.zip(other, f32::max)
        }

        /// Lane by lane: `yes` where `self` is above zero, else `no`.
        pub(crate) fn where_positive(self, yes: Self, no: Self) -> Self {
            let lane = |i: usize| if self.0[i] > 0.0 { yes.0[i] } else { no.0[i] };
            Self([lane(0), lane(1), lane(2), lane(3)])
        }

        fn zip(self, other: Self, with: impl Fn(f32, f32) -> f32) -> Self {
            Self(std::array::from_fn(|i| with(self.0[i], other.0[i])))
        }
    }
}

pub(crate) use vector::F32x4;
