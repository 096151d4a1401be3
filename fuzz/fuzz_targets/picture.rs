#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vermilion_fuzz::contents::picture(input));
