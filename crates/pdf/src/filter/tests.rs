use std::sync::Arc;

use super::*;
use crate::Limits;

fn run(dict: &Dict, data: &[u8]) -> Result<Vec<u8>, ReadError> {
    let reader = Reader::new(Arc::new(Vec::new()), Limits::default());
    decode(dict, data.to_vec(), &reader)
}

fn named(name: &'static str) -> Dict {
    Dict::new().with("Filter", Object::name(name))
}

#[test]
fn deflated_data_come_back() {
    let data: Vec<u8> = (0..100_000_u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
    assert_eq!(run(&named("FlateDecode"), &compress(&data)).expect("flate"), data);
    let mut deflate = Deflate::default();
    for _ in 0..2 {
        assert_eq!(deflate.compress(&data), compress(&data), "nothing is left of the stream before");
    }
    let cut = compress(&data);
    let partial = run(&named("FlateDecode"), &cut[..cut.len() / 2]).expect("what came before the break");
    assert!(data.starts_with(&partial) && partial.len() > 1000);
}

#[test]
fn a_decompression_bomb_is_refused() {
    let bomb = compress(&vec![0; 40 * 1024 * 1024]);
    assert!(matches!(run(&named("FlateDecode"), &bomb), Err(ReadError::Limit { .. })));
}

#[test]
fn ascii_filters_follow_the_examples() {
    assert_eq!(run(&named("ASCIIHexDecode"), b"48 65 6C6c 6f7>").expect("hex"), b"Hellop");
    assert_eq!(run(&named("ASCII85Decode"), b"87cURD]i,\"Ebo80~>").expect("base 85"), b"Hello World!");
    assert_eq!(run(&named("ASCII85Decode"), b"z~>").expect("base 85"), [0; 4]);
    assert_eq!(
        run(&named("RunLengthDecode"), &[2, b'a', b'b', b'c', 254, b'x', 128, 9]).expect("runs"),
        b"abcxxx"
    );
}

#[test]
fn lzw_follows_the_example_of_the_standard() {
    // 7.4.4.2, example 2.
    let data = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
    assert_eq!(run(&named("LZWDecode"), &data).expect("lzw"), [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
}

#[test]
fn predictors_are_undone() {
    let parms = |predictor: i64| Dict::new().with("Predictor", predictor).with("Columns", 4);
    let dict = |predictor| named("FlateDecode").with("DecodeParms", parms(predictor));
    let up = compress(&[2, 1, 2, 3, 4, 2, 1, 1, 1, 1, 1, 5, 1, 1, 1]);
    assert_eq!(run(&dict(12), &up).expect("png"), [1, 2, 3, 4, 2, 3, 4, 5, 5, 6, 7, 8]);
    assert_eq!(run(&dict(2), &compress(&[1, 1, 1, 1, 9, 0, 0, 1])).expect("tiff"), [1, 2, 3, 4, 9, 9, 9, 10]);
    let odd = named("FlateDecode").with("DecodeParms", Dict::new().with("Predictor", 12).with("Columns", -3));
    assert!(run(&odd, &up).is_err());
}

#[test]
fn unknown_filters_are_named() {
    assert!(
        matches!(run(&named("JBIG2Decode"), b""), Err(ReadError::UnsupportedFilter { filter }) if filter == "JBIG2Decode")
    );
}
