//! Signature values that nearly hold: malformed encodings signed with the right key, values at the edges of the group,
//! encodings that are not DER.
use proptest::prelude::*;
use vermilion_pki::der;
use vermilion_pki::{DigestAlgorithm, KeyAlgorithm, PssParameters, SignatureAlgorithm, VerifyError, verify};
use vermilion_pki::{Signer, SoftwareSigner};

use SignatureAlgorithm as S;

use crate::world::*;

const MESSAGE: &[u8] = b"what is signed";

/// The padded message that `openssl` raises to the private exponent, so that only the encoding is wrong.
fn raw(openssl: &OpenSsl, encoded: &[u8]) -> Vec<u8> {
    openssl.write("encoded", encoded);
    openssl.accepts("pkeyutl -decrypt -inkey key.pem -pkeyopt rsa_padding_mode:none -in encoded -out value");
    openssl.read("value")
}

fn rsa_key(openssl: &OpenSsl, exponent: u32) -> Vec<u8> {
    openssl.accepts(&format!(
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:{exponent} -out key.pem"
    ));
    openssl.accepts("pkey -in key.pem -pubout -outform DER -out public.der");
    openssl.read("public.der")
}

/// 00 01 FF… 00 and what follows, 256 octets long.
fn padded(block_type: u8, fill: u8, info: &[u8], behind: &[u8], padding: usize) -> Vec<u8> {
    let mut out = vec![0, block_type];
    out.extend(vec![fill; padding]);
    out.push(0);
    out.extend(info);
    out.extend(behind);
    out.resize(256, 0);
    out
}

/// Each encoding is made for SHA-256, which aws-lc-rs checks, and for SHA3-256, which is checked here.
#[test]
fn rsa_encodings_must_be_exact() {
    let Some(openssl) = OpenSsl::new() else { return };
    for exponent in [65537, 3] {
        let public = rsa_key(&openssl, exponent);
        for (algorithm, digest) in
            [(S::RsaSha256, DigestAlgorithm::Sha256), (S::RsaSha3_256, DigestAlgorithm::Sha3_256)]
        {
            let info = digest.digest_info(MESSAGE);
            let room = 256 - 3 - info.len();
            let judge = |encoded: &[u8]| verify(&public, algorithm, MESSAGE, &raw(&openssl, encoded));
            assert_eq!(judge(&padded(1, 0xff, &info, &[], room)), Ok(()), "{algorithm:?} {exponent}");

            // Without NULL, with other parameters, in BER.
            let value = digest.digest(MESSAGE);
            let mut reader = der::Reader::new(&info, "test").sequence().unwrap();
            let mut identifier = reader.sequence().unwrap();
            let function = der::oid(identifier.oid().unwrap());
            let of = |parameters: &[u8]| {
                der::sequence(&[&der::sequence(&[&function, parameters]), &der::octet_string(&value)])
            };
            let mut ber = info.clone();
            ber[0] = 0x30;
            ber.splice(1..2, [0x81, info[1]]);
            let trailing_inside = {
                let mut inside = info.clone();
                inside[1] += 2;
                inside.extend([5, 0]);
                inside
            };
            for wrong in [of(&[]), of(&der::octet_string(b"")), ber, trailing_inside] {
                let room = 256 - 3 - wrong.len();
                let verdict = judge(&padded(1, 0xff, &wrong, &[], room));
                assert_eq!(verdict, Err(VerifyError::BadSignature), "{algorithm:?} {wrong:02x?}");
            }
            // Bleichenbacher's: short padding, and what is behind is not looked at.
            for (block_type, fill, padding) in [
                (1, 0xff, 8),
                (1, 0xff, room - 1),
                (2, 0xff, room),
                (1, 0xfe, room),
                (0, 0, room),
                (1, 0xff, 0),
            ] {
                let encoded = padded(block_type, fill, &info, &[7; 3], padding);
                let encoded =
                    if padding == room { padded(block_type, fill, &info, &[], room) } else { encoded };
                assert_eq!(
                    judge(&encoded),
                    Err(VerifyError::BadSignature),
                    "{algorithm:?}: type {block_type}, {padding} of {fill:x}"
                );
            }
        }
    }
}

/// EMSA-PSS (RFC 8017 §9.1.1), by hand.
fn pss(parameters: PssParameters, spoil: impl Fn(&mut Vec<u8>, &mut Vec<u8>)) -> Vec<u8> {
    let hash = parameters.hash;
    let salt = vec![0x5a; usize::from(parameters.salt_len)];
    let digest = hash.digest(&[&[0; 8], hash.digest(MESSAGE).as_slice(), &salt].concat());
    let length = 256 - hash.output_len() - 1;
    let mut block = vec![0; length - salt.len() - 1];
    block.push(1);
    block.extend(&salt);
    let mut tail = digest.clone();
    tail.push(0xbc);
    spoil(&mut block, &mut tail);
    let mut mask = Vec::new();
    for counter in 0u32.. {
        if mask.len() >= length {
            break;
        }
        mask.extend(parameters.mgf.digest(&[digest.as_slice(), &counter.to_be_bytes()].concat()));
    }
    let mut out: Vec<u8> = block.iter().zip(&mask).map(|(b, m)| b ^ m).collect();
    out[0] &= 0x7f;
    out.extend(tail);
    out
}

#[test]
fn pss_encodings_must_be_exact() {
    let Some(openssl) = OpenSsl::new() else { return };
    let public = rsa_key(&openssl, 65537);
    let sha256 = DigestAlgorithm::Sha256;
    let usual = PssParameters { hash: sha256, mgf: sha256, salt_len: 32 };
    let odd = PssParameters { hash: sha256, mgf: DigestAlgorithm::Sha512, salt_len: 11 };
    for (algorithm, parameters) in
        [(S::RsaPssSha256, usual), (S::RsaPss(usual), usual), (S::RsaPss(odd), odd)]
    {
        let judge = |encoded: Vec<u8>| verify(&public, algorithm, MESSAGE, &raw(&openssl, &encoded));
        assert_eq!(judge(pss(parameters, |_, _| {})), Ok(()), "{algorithm:?}");
        let bad = Err(VerifyError::BadSignature);
        let trailer = |_: &mut Vec<u8>, tail: &mut Vec<u8>| *tail.last_mut().unwrap() = 0xcc;
        assert_eq!(judge(pss(parameters, trailer)), bad);
        let at = 256 - 32 - 1 - usize::from(parameters.salt_len) - 1;
        // The separator, an octet before it, the salt.
        for (index, value) in [(at, 2), (at - 1, 1), (1, 1), (at + 1, 0)] {
            let spoil = |block: &mut Vec<u8>, _: &mut Vec<u8>| block[index] = value;
            assert_eq!(judge(pss(parameters, spoil)), bad, "{algorithm:?} {index}");
        }
        let hash = |_: &mut Vec<u8>, tail: &mut Vec<u8>| tail[0] ^= 1;
        assert_eq!(judge(pss(parameters, hash)), bad);
        let shorter = PssParameters { salt_len: parameters.salt_len - 1, ..parameters };
        assert_eq!(judge(pss(shorter, |_, _| {})), bad);
    }
}

/// Order of P-256 and of Ed25519's group.
const P256_ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const ED25519_ORDER_LE: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn ecdsa_values_stay_in_range_and_in_der() {
    let (signer, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
    let judge = |signature: &[u8]| verify(signer.public_key_der(), S::EcdsaSha256, MESSAGE, signature);
    let good = signer.sign(MESSAGE).unwrap();
    let mut pair = der::Reader::new(&good, "test").sequence().unwrap();
    let (r, s) = (pair.integer().unwrap().to_vec(), pair.integer().unwrap().to_vec());
    let of = |r: &[u8], s: &[u8]| der::sequence(&[&der::integer(r), &der::integer(s)]);
    assert_eq!(judge(&of(&r, &s)), Ok(()));
    let order = hex(P256_ORDER);
    let one_less: Vec<u8> = order[..31].iter().copied().chain([0x50]).collect();
    for (r, s) in [
        (&[][..], &s[..]),
        (&r, &[]),
        (&[], &[]),
        (&[1], &[1]),
        (&order, &s),
        (&r, &order),
        (&order, &order),
        (&one_less, &one_less),
        (&s, &r),
    ] {
        assert_eq!(judge(&of(r, s)), Err(VerifyError::BadSignature), "{r:02x?} {s:02x?}");
    }
    // r + n is another name of r.
    let mut carry = 0u16;
    let wide: Vec<u8> = {
        let digits = std::iter::repeat_n(0, 33 - r.len()).chain(r.iter().copied()).collect::<Vec<u8>>();
        let order: Vec<u8> = [0].into_iter().chain(order.iter().copied()).collect();
        let mut out: Vec<u8> = digits
            .iter()
            .zip(&order)
            .rev()
            .map(|(a, b)| {
                let sum = u16::from(*a) + u16::from(*b) + carry;
                carry = sum >> 8;
                sum.to_be_bytes()[1]
            })
            .collect();
        out.reverse();
        out
    };
    assert_eq!(judge(&of(&wide, &s)), Err(VerifyError::BadSignature));
    // Not DER: long lengths, padded integers, negative ones, something behind or inside.
    let integer = |content: &[u8]| der::tlv(der::INTEGER, &[content]);
    let positive = |digits: &[u8]| integer(&[&[0], digits].concat());
    let mut long = good.clone();
    long.splice(1..2, [0x81, good[1]]);
    let mut behind = good.clone();
    behind.push(0);
    let inside = der::sequence(&[&der::integer(&r), &der::integer(&s), &der::null()]);
    let overlong = der::sequence(&[&positive(&[&[0], r.as_slice()].concat()), &der::integer(&s)]);
    let set = der::tlv(der::SET, &[&der::integer(&r), &der::integer(&s)]);
    let fixed = [vec![0; 32], vec![0; 32]].concat();
    for wrong in [long, behind, inside, overlong, set, fixed, vec![], vec![0x30, 0]] {
        assert_eq!(judge(&wrong), Err(VerifyError::BadSignature), "{wrong:02x?}");
    }
}

#[test]
fn ed25519_values_are_canonical() {
    let (signer, _) = SoftwareSigner::generate(KeyAlgorithm::Ed25519).unwrap();
    let judge = |signature: &[u8]| verify(signer.public_key_der(), S::Ed25519, MESSAGE, signature);
    let good = signer.sign(MESSAGE).unwrap();
    assert_eq!(judge(&good), Ok(()));
    // S + L signs the same in a lax verifier (RFC 8032 §8.4).
    let (point, scalar) = good.split_at(32);
    let mut carry = 0u16;
    let more: Vec<u8> = scalar
        .iter()
        .zip(hex(ED25519_ORDER_LE))
        .map(|(a, b)| {
            let sum = u16::from(*a) + u16::from(b) + carry;
            carry = sum >> 8;
            sum.to_be_bytes()[1]
        })
        .collect();
    let zero_scalar = [point, &[0; 32]].concat();
    let identity = [&[1], &[0; 63][..]].concat();
    for wrong in
        [[point, &more].concat(), zero_scalar, identity, good[..63].to_vec(), [&good[..], &[0]].concat()]
    {
        assert_eq!(judge(&wrong), Err(VerifyError::BadSignature), "{wrong:02x?}");
    }
}

/// Keys as hostile certificates may bring them: no panic, no long work.
#[test]
fn rsa_keys_are_bounded() {
    let spki = |modulus: &[u8], exponent: &[u8]| {
        let rsa = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
        let key = der::sequence(&[&der::integer(modulus), &der::integer(exponent)]);
        der::sequence(&[&der::sequence(&[&der::oid(&rsa), &der::null()]), &der::bit_string(&key)])
    };
    let odd = |octets: usize| {
        let mut modulus = vec![0xff; octets];
        modulus[octets - 1] = 0xfd;
        modulus
    };
    let start = std::time::Instant::now();
    for (modulus, exponent) in [
        (odd(64), vec![3]),
        (odd(1025), vec![3]),
        (odd(8000), vec![3]),
        (odd(256), odd(256)),
        (odd(1024), odd(9)),
        (odd(256), vec![1]),
        (odd(256), vec![]),
        (vec![], vec![3]),
        (vec![0xfe; 256], vec![3]),
        (odd(256), vec![2]),
    ] {
        let key = spki(&modulus, &exponent);
        for algorithm in [S::RsaSha256, S::RsaSha3_256, S::RsaPssSha256, S::RsaSha1] {
            for signature in [vec![], vec![0; modulus.len()], vec![1; modulus.len()], modulus.clone()] {
                assert!(verify(&key, algorithm, MESSAGE, &signature).is_err());
            }
        }
    }
    assert!(start.elapsed().as_secs() < 10);
}

proptest! {
    #[test]
    fn changed_keys_and_values_do_not_panic(
        at in any::<prop::sample::Index>(), value in any::<u8>(), signature in proptest::collection::vec(any::<u8>(), 0..300),
        salt_len in any::<u16>(),
    ) {
        let mut key = rsa_fixture(2048).public_key_der().to_vec();
        let at = at.index(key.len());
        key[at] = value;
        let hash = DigestAlgorithm::Sha3_256;
        for algorithm in [S::RsaSha3_512, S::RsaPss(PssParameters { hash, mgf: hash, salt_len }), S::EcdsaSha3_384] {
            prop_assert!(verify(&key, algorithm, MESSAGE, &signature).is_err());
        }
    }
}
