//! Signing with a key that is elsewhere: prepared here, signed there, finished here, hours and restarts apart.

use std::path::PathBuf;

use pades::{LevelError, ToBeSigned};
use pki::path::issuers_above;
use pki::{KeyFamily, SignatureAlgorithm};
use serde::{Deserialize, Serialize};

use super::key::{algorithm, leaf, more};
use super::sources::Outside;
use super::{check, done, level, now, refused, request};
use crate::args::sign::{FinishOptions, PrepareOptions};
use crate::failure::Failure;
use crate::file::{self, Target};
use crate::{explain, say};

/// What is kept between the steps. It holds no secret.
#[derive(Serialize, Deserialize)]
struct State {
    /// Of this format.
    version: u32,
    /// The file that was prepared.
    input: PathBuf,
    to_be_signed: ToBeSigned,
}

const VERSION: u32 = 1;

pub(super) fn prepare(options: &PrepareOptions) -> Result<(), Failure> {
    let (state_file, tbs_file) = (Target::fresh(&options.state)?, Target::fresh(&options.tbs)?);
    let document = file::open(&options.input, &options.pdf)?;
    let (certificate, mut chain) = leaf(&options.cert)?;
    let at = now();
    pades::may_sign(&certificate, at).map_err(|error| Failure::because(&error))?;
    chain.extend(more(&options.chain)?);
    let chain = issuers_above(&certificate, &chain);
    let kind = pki::public_key_algorithm(certificate.public_key_der()).ok_or_else(|| {
        Failure::Usage(match pki::key_size(certificate.public_key_der()) {
            Some((KeyFamily::Rsa, bits)) if bits < 2048 => {
                format!("the certificate's RSA key is too short ({bits} bits; at least 2048 are needed)")
            }
            _ => "the certificate's key is of a kind that does not sign here: P-256, P-384, RSA of 2048 to 4096 bits \
                  and Ed25519 do"
                .to_owned(),
        })
    })?;
    let usual = pki::usual_signature_algorithm(certificate.public_key_der()).ok_or_else(|| {
        Failure::Usage("the certificate's key asks for a hash function that does not sign here".to_owned())
    })?;
    let algorithm = algorithm(kind, usual, &options.algorithm)?.unwrap_or(usual);
    let mut request = request::of(&document, &options.look, &certificate, at)?;
    request.digest = algorithm.digest();
    let usual = pades::reserve_for(&certificate, &chain, None);
    request.reserve = options.reserve.map_or(usual, |asked| asked.max(usual));
    let prepared = pades::prepare_for(&document, &request, &certificate).map_err(|error| refused(&error))?;
    let to_be_signed =
        prepared.to_be_signed(certificate, chain, algorithm).map_err(|error| Failure::because(&error))?;
    let input = options.input.canonicalize().unwrap_or_else(|_| options.input.clone());
    tbs_file.write(None, to_be_signed.bytes())?;
    let state = State { version: VERSION, input, to_be_signed };
    let json = serde_json::to_vec(&state).expect("the state is plain data");
    state_file.write(None, &json)?;
    explain_what_to_do(options, algorithm);
    Ok(())
}

fn explain_what_to_do(options: &PrepareOptions, algorithm: SignatureAlgorithm) {
    let (tbs, state) = (options.tbs.display(), options.state.display());
    say(&format!("{tbs}: sign these bytes with {} (the key hashes them itself).", algorithm.name()));
    let digest = algorithm.digest().name().replace('-', "").to_ascii_lowercase();
    let pss = " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest";
    say(&match algorithm {
        SignatureAlgorithm::Ed25519 => {
            format!("  openssl pkeyutl -sign -rawin -inkey KEY -in {tbs} -out SIGNATURE")
        }
        SignatureAlgorithm::RsaPssSha256
        | SignatureAlgorithm::RsaPssSha384
        | SignatureAlgorithm::RsaPssSha512 => {
            format!("  openssl dgst -{digest}{pss} -sign KEY -out SIGNATURE {tbs}")
        }
        _ => format!("  openssl dgst -{digest} -sign KEY -out SIGNATURE {tbs}"),
    });
    say(&format!("Then: vermilion sign finish --state {state} --signature SIGNATURE -o OUT"));
}

pub(super) fn finish(options: &FinishOptions) -> Result<(), Failure> {
    let bytes = file::read(&options.state)?;
    let wrong = |why: String| Failure::Unreadable(format!("{}: {why}", options.state.display()));
    let state: State = serde_json::from_slice(&bytes)
        .map_err(|error| wrong(format!("no state of `vermilion sign prepare`: {}", explain(&error))))?;
    if state.version != VERSION {
        return Err(wrong(format!("version {} of the state is not known here", state.version)));
    }
    let input = options.input.clone().unwrap_or(state.input);
    let target = Target::new(&options.output, &input)?;
    let outside = Outside::new(options.level.level, &options.level.outside)?;
    let document = file::open(&input, &options.pdf)?;
    let by = state.to_be_signed.certificate().common_name();
    let field = state.to_be_signed.prepared().field.clone();
    let value = file::read(&options.signature)?;
    let signed = state.to_be_signed.signed(value).map_err(|error| refused(&LevelError::Sign(error)))?;
    let level = level(options.level.level);
    let now = now();
    let asked = outside.ask(now);
    let tail = pades::finish_to(&document, signed, level, &outside.sources(&asked, now))
        .map_err(|error| refused(&error))?;
    // Looked at before it takes its name: what does not hold never appears.
    let trial = tempfile::tempdir().map_err(|error| Failure::because(&error))?;
    let trial = trial.path().join("signed.pdf");
    Target::fresh(&trial)?.write(Some((&input, document.len())), &tail)?;
    check(&trial, &options.pdf, &field)?;
    target.write(Some((&input, document.len())), &tail)?;
    done(&target, &format!("{}, field {field:?}, signed by {by}", level.as_str()), tail.len());
    asked.note();
    Ok(())
}
