//! IEEE 754 binary16, which Rust has not yet in its stable standard library.

/// Rounds to the nearest half-precision number, ties to even; too large becomes infinite.
pub(super) fn from_f32(number: f32) -> u16 {
    let bits = number.to_bits();
    let sign = (bits >> 16) as u16 & 0x8000;
    let size = f32::from_bits(bits & 0x7fff_ffff);
    if size.is_nan() {
        return sign | 0x7e00;
    }
    // 65520 is halfway between the largest half number, 65504, and the next one that there would be.
    if size >= 65520.0 {
        return sign | 0x7c00;
    }
    // Scaled so that one unit of the result's last place is 1, the number is at most 2^11 and exact in f32.
    let exponent = (i32::from((bits >> 23) as u8) - 127).max(-14);
    let scaled = size * 2f32.powi(10 - exponent);
    let mantissa = scaled.round_ties_even() as u16;
    // A mantissa rounded up to 2^11 carries into the exponent, which is just what is wanted.
    sign | ((((exponent + 14) as u16) << 10) + mantissa)
}

/// Widens a half-precision number; exact.
pub(super) fn to_f32(bits: u16) -> f32 {
    let mantissa = f32::from(bits & 0x3ff);
    let size = match (bits >> 10) & 0x1f {
        0 => mantissa * 2f32.powi(-24),
        0x1f if bits & 0x3ff == 0 => f32::INFINITY,
        0x1f => f32::NAN,
        exponent => (1024.0 + mantissa) * 2f32.powi(i32::from(exponent) - 25),
    };
    if bits & 0x8000 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_number_survives_the_round_trip() {
        for bits in 0..=u16::MAX {
            let wide = to_f32(bits);
            if !wide.is_nan() {
                assert_eq!(from_f32(wide), bits, "{bits:#x}");
            }
        }
        assert!(to_f32(from_f32(f32::NAN)).is_nan());
    }

    #[test]
    fn numbers_between_round_to_even() {
        let check = |number: f32, expected: u16| assert_eq!(from_f32(number), expected, "{number}");
        check(1.0, 0x3c00);
        check(1.0 + 1.0 / 2048.0, 0x3c00);
        check(1.0 + 3.0 / 2048.0, 0x3c02);
        check(65519.0, 0x7bff);
        check(65520.0, 0x7c00);
        check(1e-10, 0);
        check(-1e-10, 0x8000);
        check(5.960_464_5e-8, 1);
    }
}
