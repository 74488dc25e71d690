//! Misuse is a compile error that points at the spot.

#[test]
fn misuse_points_at_the_spot() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
