//! The matrix product: a tile of 8 rows and 8 columns.
//!
//! tract's own kernel keeps the tile's 16 vectors in locals across a loop over `k`. Cranelift looks at the epoch at the
//! head of each loop, by a call that saves no vector register; so it keeps whatever lives across that head in memory,
//! and each step of `k` loads and stores all 16. And it places arithmetic as late as it can but loads where they are, so
//! unrolling alone makes it load everything first and run out of registers.
//!
//! So here a loop body is 16 steps, each of which may leave the loop: a branch that carries the sums pins the arithmetic
//! of its step before the loads of the next. And the tile is summed in two halves of 8 vectors, which leaves registers
//! for operands. Measured on one core of an EPYC (Zen 3): 7.7 to 17.5 thousand million products a second.
#![expect(unsafe_code, reason = "kernels of tract work on pointers")]

use tract_linalg::Scaler;
use tract_linalg::mmm::{FusedKerSpec, OutputStoreKer};

use super::lanes::F32x4;

/// Rows and columns of the tile.
pub(crate) const SIZE: usize = 8;

/// The tile: row by row, two vectors each.
type Tile = [[F32x4; 2]; SIZE];
/// Four rows of it.
type Half = [[F32x4; 2]; SIZE / 2];

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod registration {
    use std::sync::LazyLock;

    use tract_linalg::isa::Arch;
    use tract_linalg::mmm::DynKernel;
    use tract_linalg::mmm_routines::MmmRoutine;
    use tract_linalg::mmm_tiers::MmmTier;
    use tract_linalg::pack::Packing as _;
    use tract_onnx::prelude::DatumType;

    use super::{SIZE, kernel};

    /// After tract's `wasm_f32_8x8` in the alphabet: where sizes are not known, tract takes the last of equals.
    const NAME: &str = "wasm_f32_8x8_halves";

    static KERNEL: LazyLock<DynKernel<SIZE, SIZE, f32>> = LazyLock::new(|| {
        let packing = || f32::packing(SIZE).align(size_of::<f32>() * 2);
        let mut described = DynKernel::new(NAME, kernel, packing(), packing());
        described.arch = Some(Arch::Wasm32Simd128);
        described
    });

    inventory::submit! {
        MmmRoutine { make: || KERNEL.mmm() }
    }

    inventory::submit! {
        MmmTier {
            arch: Some(Arch::Wasm32Simd128),
            // tract's own tier has 1.
            precedence: 2,
            name: "onnx-runner",
            applies: |_| true,
            preferred: |_, accumulator, query, _| {
                (accumulator == DatumType::F32 && query.n != Some(1)).then_some(NAME)
            },
        }
    }
}

/// Runs a program on one tile.
///
/// # Safety
/// What the program points to must be as tract promises: operands packed for 8 rows and 8 columns.
pub(crate) unsafe fn kernel(program: &[FusedKerSpec<f32>]) -> isize {
    let mut tile: Tile = [[F32x4::splat(0.0); 2]; SIZE];
    for step in program {
        // SAFETY: as the caller promises.
        unsafe {
            match *step {
                FusedKerSpec::Done => break,
                FusedKerSpec::Clear => tile = [[F32x4::splat(0.0); 2]; SIZE],
                FusedKerSpec::LoadTile(_by_columns, by_rows) => {
                    each_row(&mut tile, |row, _| load_row(by_rows.add(row * SIZE)));
                }
                FusedKerSpec::ScalarMin(value) => scalar(&mut tile, value, F32x4::minimum),
                FusedKerSpec::ScalarMax(value) => scalar(&mut tile, value, F32x4::maximum),
                FusedKerSpec::ScalarAdd(value) => scalar(&mut tile, value, F32x4::add),
                FusedKerSpec::ScalarMul(value) => scalar(&mut tile, value, F32x4::multiply),
                FusedKerSpec::ScalarSub(value) => scalar(&mut tile, value, F32x4::subtract),
                FusedKerSpec::ScalarSubF(value) => scalar(&mut tile, value, |value, sum| sum.subtract(value)),
                FusedKerSpec::LeakyRelu(slope) => {
                    scalar(&mut tile, slope, |slope, sum| sum.where_positive(sum, slope.multiply(sum)));
                }
                FusedKerSpec::PerRowMin(values) => per_row(&mut tile, values, F32x4::minimum),
                FusedKerSpec::PerRowMax(values) => per_row(&mut tile, values, F32x4::maximum),
                FusedKerSpec::PerRowAdd(values) => per_row(&mut tile, values, F32x4::add),
                FusedKerSpec::PerRowMul(values) => per_row(&mut tile, values, F32x4::multiply),
                FusedKerSpec::PerRowSub(values) => per_row(&mut tile, values, F32x4::subtract),
                FusedKerSpec::PerRowSubF(values) => per_row(&mut tile, values, |value, sum| sum.subtract(value)),
                FusedKerSpec::PerColMin(values) => per_column(&mut tile, values, F32x4::minimum),
                FusedKerSpec::PerColMax(values) => per_column(&mut tile, values, F32x4::maximum),
                FusedKerSpec::PerColAdd(values) => per_column(&mut tile, values, F32x4::add),
                FusedKerSpec::PerColMul(values) => per_column(&mut tile, values, F32x4::multiply),
                FusedKerSpec::PerColSub(values) => per_column(&mut tile, values, F32x4::subtract),
                FusedKerSpec::PerColSubF(values) => per_column(&mut tile, values, |value, sum| sum.subtract(value)),
                FusedKerSpec::QScale(shift, policy, multiplier) => {
                    let scale = Scaler::from_fuse_params(shift, policy, multiplier).scale;
                    scalar(&mut tile, scale, F32x4::multiply);
                }
                FusedKerSpec::RoundingShiftRight(shift, _) => {
                    scalar(&mut tile, power_of_two(shift, -1), F32x4::multiply)
                }
                FusedKerSpec::ShiftLeft(shift) => scalar(&mut tile, power_of_two(shift, 1), F32x4::multiply),
                FusedKerSpec::AddUnicast(other) => add_unicast(&mut tile, &other),
                FusedKerSpec::AddRowColProducts(rows, columns) => {
                    let columns = load_row(columns);
                    each_row(&mut tile, |row, sum| {
                        let value = F32x4::splat(*rows.add(row));
                        [value.multiply_add(columns[0], sum[0]), value.multiply_add(columns[1], sum[1])]
                    });
                }
                FusedKerSpec::Store(to) => store(&tile, &to),
                FusedKerSpec::AddMatMul { k, pa, pb, packing: _ } => {
                    let [a, b] = [pa.cast::<f32>(), pb.cast::<f32>()];
                    let (upper, lower) = tile.split_at_mut(SIZE / 2);
                    add_products(upper, k, a, b);
                    add_products(lower, k, a.add(SIZE / 2), b);
                }
            }
        }
    }
    0
}

/// Adds the products of `k` columns of four rows of A, and `k` rows of B.
///
/// # Safety
/// `half` must have four rows; four numbers must be readable from `a` and eight from `b`, each `k` times 8 apart.
#[inline(always)]
unsafe fn add_products(half: &mut [[F32x4; 2]], k: usize, mut a: *const f32, mut b: *const f32) {
    let Ok(half): Result<&mut Half, _> = half.try_into() else { return };
    let [[mut s0, mut t0], [mut s1, mut t1], [mut s2, mut t2], [mut s3, mut t3]] = *half;
    let mut left = k;
    macro_rules! steps {
        ($($step:literal)*) => {
            while left != 0 {
                $(
                    // SAFETY: `left` steps are left, of which this is one.
                    let (rows, b0, b1) = unsafe {
                        let b = b.add($step * SIZE);
                        (F32x4::load(a.add($step * SIZE)), F32x4::load(b), F32x4::load(b.add(4)))
                    };
                    let row = rows.broadcast::<0>();
                    (s0, t0) = (row.multiply_add(b0, s0), row.multiply_add(b1, t0));
                    let row = rows.broadcast::<1>();
                    (s1, t1) = (row.multiply_add(b0, s1), row.multiply_add(b1, t1));
                    let row = rows.broadcast::<2>();
                    (s2, t2) = (row.multiply_add(b0, s2), row.multiply_add(b1, t2));
                    let row = rows.broadcast::<3>();
                    (s3, t3) = (row.multiply_add(b0, s3), row.multiply_add(b1, t3));
                    if left == $step + 1 {
                        break;
                    }
                )*
                // SAFETY: not the last step, or the loop would have ended.
                unsafe {
                    a = a.add(16 * SIZE);
                    b = b.add(16 * SIZE);
                }
                left -= 16;
            }
        };
    }
    steps!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    *half = [[s0, t0], [s1, t1], [s2, t2], [s3, t3]];
}

fn each_row(tile: &mut Tile, change: impl Fn(usize, [F32x4; 2]) -> [F32x4; 2]) {
    for (row, sum) in tile.iter_mut().enumerate() {
        *sum = change(row, *sum);
    }
}

fn scalar(tile: &mut Tile, value: f32, change: impl Fn(F32x4, F32x4) -> F32x4) {
    let value = F32x4::splat(value);
    each_row(tile, |_, sum| sum.map(|sum| change(value, sum)));
}

/// # Safety
/// `values` must hold one number a row.
unsafe fn per_row(tile: &mut Tile, values: *const f32, change: impl Fn(F32x4, F32x4) -> F32x4) {
    each_row(tile, |row, sum| {
        // SAFETY: as the caller promises.
        let value = F32x4::splat(unsafe { *values.add(row) });
        sum.map(|sum| change(value, sum))
    });
}

/// # Safety
/// `values` must hold one number a column.
unsafe fn per_column(tile: &mut Tile, values: *const f32, change: impl Fn(F32x4, F32x4) -> F32x4) {
    // SAFETY: as the caller promises.
    let values = unsafe { load_row(values) };
    each_row(tile, |_, sum| [change(values[0], sum[0]), change(values[1], sum[1])]);
}

fn power_of_two(exponent: usize, sign: i32) -> f32 {
    2f32.powi(i32::try_from(exponent).unwrap_or(i32::MAX).saturating_mul(sign))
}

/// # Safety
/// Eight numbers must be readable from `from`.
unsafe fn load_row(from: *const f32) -> [F32x4; 2] {
    // SAFETY: as the caller promises.
    unsafe { [F32x4::load(from), F32x4::load(from.add(4))] }
}

/// # Safety
/// `other` must be readable for 8 rows and 8 columns.
unsafe fn add_unicast(tile: &mut Tile, other: &OutputStoreKer) {
    each_row(tile, |row, sum| {
        // SAFETY: as the caller promises.
        let values = unsafe {
            let from = other.ptr.offset(row.cast_signed() * other.row_byte_stride);
            if other.col_byte_stride == CONTIGUOUS {
                load_row(from.cast())
            } else {
                let at = |column: isize| *from.offset(column * other.col_byte_stride).cast::<f32>();
                [F32x4::new(at(0), at(1), at(2), at(3)), F32x4::new(at(4), at(5), at(6), at(7))]
            }
        };
        [sum[0].add(values[0]), sum[1].add(values[1])]
    });
}

/// The step from one number to the next where a row lies in one piece.
const CONTIGUOUS: isize = size_of::<f32>().cast_signed();

/// # Safety
/// `to` must be writable for 8 rows and 8 columns.
unsafe fn store(tile: &Tile, to: &OutputStoreKer) {
    for (row, sum) in tile.iter().enumerate() {
        // SAFETY: as the caller promises.
        unsafe {
            let to_row = to.ptr.offset(row.cast_signed() * to.row_byte_stride);
            if to.col_byte_stride == CONTIGUOUS {
                sum[0].store(to_row.cast());
                sum[1].store(to_row.cast::<f32>().add(4));
            } else {
                for (column, value) in (0..).zip(sum.iter().flat_map(|sum| sum.lanes())) {
                    *to_row.offset(column * to.col_byte_stride).cast::<f32>() = value;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that differ, small enough for sums to be exact.
    fn numbers(n: usize, seed: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 7 + seed) % 11) as f32 - 5.0).collect()
    }

    fn run(k: usize, between: &[FusedKerSpec<f32>], row_stride: isize, column_stride: isize) -> Vec<f32> {
        let (a, b) = (numbers(k * SIZE, 1), numbers(k * SIZE, 4));
        let mut output = vec![f32::NAN; SIZE * SIZE];
        let to = OutputStoreKer {
            ptr: output.as_mut_ptr().cast(),
            row_byte_stride: 4 * row_stride,
            col_byte_stride: 4 * column_stride,
            item_size: 4,
        };
        let mut program = vec![
            FusedKerSpec::Clear,
            FusedKerSpec::AddMatMul { k, pa: a.as_ptr().cast(), pb: b.as_ptr().cast(), packing: 0 },
        ];
        program.extend_from_slice(between);
        program.extend([FusedKerSpec::Store(to), FusedKerSpec::Done]);
        // SAFETY: all operands outlive the call and are as long as the tile needs.
        assert_eq!(unsafe { kernel(&program) }, 0);
        output
    }

    fn expected(k: usize, change: impl Fn(usize, usize, f32) -> f32) -> Vec<f32> {
        let (a, b) = (numbers(k * SIZE, 1), numbers(k * SIZE, 4));
        let cell = |row: usize, column: usize| (0..k).map(|i| a[i * SIZE + row] * b[i * SIZE + column]).sum();
        (0..SIZE * SIZE).map(|i| change(i / SIZE, i % SIZE, cell(i / SIZE, i % SIZE))).collect()
    }

    #[test]
    fn products_of_any_length_are_summed() {
        for k in 0..70 {
            assert_eq!(run(k, &[], 8, 1), expected(k, |_, _, sum| sum), "k = {k}");
        }
    }

    #[test]
    fn a_tile_is_stored_by_columns_too() {
        let by_rows = run(5, &[], 8, 1);
        let by_columns = run(5, &[], 1, 8);
        for i in 0..SIZE * SIZE {
            assert_eq!(by_rows[i], by_columns[i % SIZE * SIZE + i / SIZE]);
        }
    }

    #[test]
    fn what_follows_the_product_is_done_to_each_number() {
        let values = numbers(SIZE, 3);
        let other = numbers(SIZE * SIZE, 2);
        let unicast = |row: isize, column: isize| OutputStoreKer {
            ptr: other.as_ptr().cast_mut().cast(),
            row_byte_stride: 4 * row,
            col_byte_stride: 4 * column,
            item_size: 4,
        };
        let v = values.as_ptr();
        type Change<'a> = Box<dyn Fn(usize, usize, f32) -> f32 + 'a>;
        let cases: Vec<(FusedKerSpec<f32>, Change<'_>)> = vec![
            (FusedKerSpec::ScalarMin(2.0), Box::new(|_, _, sum| sum.min(2.0))),
            (FusedKerSpec::ScalarMax(2.0), Box::new(|_, _, sum| sum.max(2.0))),
            (FusedKerSpec::ScalarAdd(2.0), Box::new(|_, _, sum| sum + 2.0)),
            (FusedKerSpec::ScalarMul(2.0), Box::new(|_, _, sum| sum * 2.0)),
            (FusedKerSpec::ScalarSub(2.0), Box::new(|_, _, sum| 2.0 - sum)),
            (FusedKerSpec::ScalarSubF(2.0), Box::new(|_, _, sum| sum - 2.0)),
            (FusedKerSpec::LeakyRelu(0.5), Box::new(|_, _, sum| if sum > 0.0 { sum } else { sum * 0.5 })),
            (FusedKerSpec::PerRowMin(v), Box::new(|row, _, sum| sum.min(values[row]))),
            (FusedKerSpec::PerRowMax(v), Box::new(|row, _, sum| sum.max(values[row]))),
            (FusedKerSpec::PerRowAdd(v), Box::new(|row, _, sum| sum + values[row])),
            (FusedKerSpec::PerRowMul(v), Box::new(|row, _, sum| sum * values[row])),
            (FusedKerSpec::PerRowSub(v), Box::new(|row, _, sum| values[row] - sum)),
            (FusedKerSpec::PerRowSubF(v), Box::new(|row, _, sum| sum - values[row])),
            (FusedKerSpec::PerColMin(v), Box::new(|_, column, sum| sum.min(values[column]))),
            (FusedKerSpec::PerColMax(v), Box::new(|_, column, sum| sum.max(values[column]))),
            (FusedKerSpec::PerColAdd(v), Box::new(|_, column, sum| sum + values[column])),
            (FusedKerSpec::PerColMul(v), Box::new(|_, column, sum| sum * values[column])),
            (FusedKerSpec::PerColSub(v), Box::new(|_, column, sum| values[column] - sum)),
            (FusedKerSpec::PerColSubF(v), Box::new(|_, column, sum| sum - values[column])),
            (FusedKerSpec::ShiftLeft(3), Box::new(|_, _, sum| sum * 8.0)),
            (FusedKerSpec::AddUnicast(unicast(8, 1)), Box::new(|row, column, sum| sum + other[row * SIZE + column])),
            (FusedKerSpec::AddUnicast(unicast(1, 8)), Box::new(|row, column, sum| sum + other[column * SIZE + row])),
            (FusedKerSpec::AddRowColProducts(v, v), Box::new(|row, column, sum| sum + values[row] * values[column])),
            (
                FusedKerSpec::LoadTile(std::ptr::null(), other.as_ptr()),
                Box::new(|row, column, _| other[row * SIZE + column]),
            ),
        ];
        for (step, change) in &cases {
            let found = run(9, std::slice::from_ref(step), 8, 1);
            assert_eq!(found, expected(9, change), "{step:?}");
        }
    }
}
