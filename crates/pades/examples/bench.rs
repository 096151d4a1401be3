//! Measures signing and verifying, for `scripts/bench` (`make bench`).
//!
//! `bench setup DIR` writes a document, keys, certificates and signed files; `bench document FILE MB` writes a large one.
//! `bench sign FILE DIR KEY LEVEL SECONDS` and `bench verify FILE DIR SECONDS` count; `bench sign-file FILE DIR OUT`,
//! `bench verify-file FILE DIR` and `bench hash-file FILE` work once, from disk, and print the seconds and the peak
//! memory in KiB; `sign-file` also, on a line of its own, the seconds of the first use of a key. KEY is `p256` or
//! `rsa2048`, LEVEL is `bb`, `bt` or `blta`: the time-stamp authority and the revocation lists are in this process.

use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use aws_lc_rs::digest;
use jiff::Timestamp;
use pades::{
    Credential, Level, Policy, RevocationData, RevocationRule, SigningRequest, SourceError, Sources,
    TimeStampSource, ValidationSource,
};
use pdf::{Document, FileSource, Limits, Source};
use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
use pki::crl::Crl;
use pki::tsa::{Authority, Imprint, Request, Response};
use pki::{Certificate, KeyAlgorithm, Serial, Signer as _, SoftwareSigner};
use vermilion_pades as pades;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup", folder] => setup(Path::new(folder)),
        ["document", file, megabytes] => document(Path::new(file), megabytes.parse()?, 1_048_576),
        ["sign", file, folder, key, level, seconds] => {
            let bytes: Arc<dyn Source> = Arc::new(fs::read(file)?);
            let signer = Identity::load(Path::new(folder), key)?;
            let level = level_of(level)?;
            count("sign", seconds, || {
                signer.sign(Arc::clone(&bytes), level).map(|tail| drop(black_box(tail)))
            })
        }
        ["verify", file, folder, seconds] => {
            let bytes: Arc<dyn Source> = Arc::new(fs::read(file)?);
            let signer = Identity::load(Path::new(folder), "p256")?;
            let policy = policy(signer.root);
            count("verify", seconds, || verify(Arc::clone(&bytes), &policy))
        }
        ["sign-file", file, folder, out] => {
            let signer = Identity::load(Path::new(folder), "p256")?;
            fs::copy(file, out)?;
            // Whatever it signs, a process first waits for its random numbers: told apart from what the file costs.
            let start = Instant::now();
            black_box(signer.key.sign(b"the first signature of a process")?);
            let first = start.elapsed().as_secs_f64();
            once(|| {
                let tail = signer.sign(Arc::new(FileSource::open(out)?), Level::BB)?;
                Ok(File::options().append(true).open(out)?.write_all(&tail)?)
            })?;
            println!("{first:.4}");
            Ok(())
        }
        ["verify-file", file, folder] => {
            let signer = Identity::load(Path::new(folder), "p256")?;
            let policy = policy(signer.root);
            once(|| verify(Arc::new(FileSource::open(file)?), &policy))
        }
        ["hash-file", file] => once(|| {
            let source = FileSource::open(file)?;
            let mut context = digest::Context::new(&digest::SHA256);
            pdf::hash_ranges(&source, std::iter::once(0..source.len()), |bytes| context.update(bytes))?;
            black_box(context.finish());
            Ok(())
        }),
        _ => Err("usage: bench setup|document|sign|verify|sign-file|verify-file|hash-file …".into()),
    }
}

/// The example is a program: it may look at the clock.
fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the edge of the program")]
    Timestamp::now()
}

fn policy(root: Certificate) -> Policy {
    Policy::new(vec![root], now()).with_revocation(RevocationRule::IfPresent)
}

fn verify(source: Arc<dyn Source>, policy: &Policy) -> Result<(), Box<dyn Error>> {
    let document = Document::open(source, &Limits::default())?;
    let report = pades::validate(&document, policy);
    if report.indication != pades::Indication::TotalPassed {
        return Err(report.text(pades::Lang::En).into());
    }
    Ok(())
}

/// Works once; prints the seconds and the peak memory.
fn once(step: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    step()?;
    println!("{:.4} {}", start.elapsed().as_secs_f64(), peak_kib().unwrap_or_default());
    Ok(())
}

fn level_of(word: &str) -> Result<Level, Box<dyn Error>> {
    match word {
        "bb" => Ok(Level::BB),
        "bt" => Ok(Level::BT),
        "blta" => Ok(Level::BLTA),
        _ => Err("LEVEL is bb, bt or blta".into()),
    }
}

/// A signer, and in this process the authorities that the levels above the basic one ask.
struct Identity {
    root: Certificate,
    chain: Vec<Certificate>,
    certificate: Certificate,
    key: SoftwareSigner,
    authority: Authority,
    authority_key: SoftwareSigner,
    crls: Vec<Crl>,
}

impl Identity {
    fn load(folder: &Path, key: &str) -> Result<Self, Box<dyn Error>> {
        let certificate = |name: &str| -> Result<Certificate, Box<dyn Error>> {
            Ok(Certificate::from_pem(&fs::read_to_string(folder.join(name))?)?)
        };
        let private = |name: &str| -> Result<SoftwareSigner, Box<dyn Error>> {
            Ok(SoftwareSigner::from_pkcs8(&fs::read(folder.join(name))?)?)
        };
        let (root, issuing) = (certificate("root.pem")?, certificate("issuing.pem")?);
        Ok(Self {
            chain: vec![issuing.clone(), root.clone()],
            certificate: certificate(&format!("{key}.pem"))?,
            key: private(&format!("{key}.key"))?,
            authority: Authority {
                certificate: certificate("tsa.pem")?,
                chain: vec![issuing, root.clone()],
                policy: "1.3.6.1.4.1.99999.1".to_owned(),
                accuracy_ms: 1000,
            },
            authority_key: private("tsa.key")?,
            crls: vec![
                Crl::from_der(&fs::read(folder.join("root.crl"))?)?,
                Crl::from_der(&fs::read(folder.join("issuing.crl"))?)?,
            ],
            root,
        })
    }

    /// The bytes to append.
    fn sign(&self, source: Arc<dyn Source>, level: Level) -> Result<Vec<u8>, Box<dyn Error>> {
        let document = Document::open(source, &Limits::default())?;
        let mut request = SigningRequest::new("Signature1", now());
        request.place = Some(pades::Place::invisible());
        let credential = Credential { signer: &self.key, certificate: &self.certificate, chain: &self.chain };
        let sources = Sources { time_stamps: Some(self), validation: Some(self), ..Sources::none(now()) };
        Ok(pades::sign_to(&document, &request, credential, level, &sources)?)
    }
}

impl TimeStampSource for Identity {
    fn time_stamp(&self, imprint: &Imprint) -> Result<Vec<u8>, SourceError> {
        let failed = |why: String| SourceError::new("time-stamp", "this process", why);
        let request = Request::new(imprint.clone(), Some([9; 16])).to_der();
        let reply = self
            .authority
            .respond(&request, [7; 16], now(), &self.authority_key)
            .map_err(|error| failed(error.to_string()))?;
        match Response::from_der(&reply.der) {
            Ok(Response::Granted(token)) => Ok(token.der().to_vec()),
            other => Err(failed(format!("{other:?}"))),
        }
    }
}

impl ValidationSource for Identity {
    fn issuers(&self, certificate: &Certificate) -> Result<Vec<Certificate>, SourceError> {
        let issued = |one: &&Certificate| one.subject().matches(certificate.issuer());
        Ok(self.chain.iter().filter(issued).cloned().collect())
    }

    fn revocation(&self, _: &Certificate, issuer: &Certificate) -> Result<RevocationData, SourceError> {
        let by = self.crls.iter().filter(|crl| crl.issuer().matches(issuer.subject()));
        Ok(RevocationData { crls: by.map(|crl| crl.der().to_vec()).collect(), ocsps: Vec::new() })
    }
}

fn count(
    what: &str,
    seconds: &str,
    mut step: impl FnMut() -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let seconds: f64 = seconds.parse()?;
    step()?;
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    // The processor's time counts, as in `openssl speed`: other programs take turns with this one.
    let spent = || match (cpu, cpu_seconds()) {
        (Some(before), Some(now)) => now - before,
        _ => wall.elapsed().as_secs_f64(),
    };
    let mut steps = 0_u32;
    while spent() < seconds {
        for _ in 0..8 {
            step()?;
        }
        steps += 8;
    }
    println!("{what} {:.1}", f64::from(steps) / spent());
    Ok(())
}

fn setup(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let before = Timestamp::from_second(now().as_second())? - jiff::SignedDuration::from_hours(2);
    let validity = |days: i64| Validity {
        not_before: before,
        not_after: before + jiff::SignedDuration::from_hours(24 * days),
    };
    let subject = |name: &str| Subject { common_name: name.to_owned(), ..Subject::default() };
    let serial = |number| Serial::from_random([number; 16]);
    let key = SoftwareSigner::generate;
    let ((root_key, _), (issuing_key, _)) = (key(KeyAlgorithm::P256)?, key(KeyAlgorithm::P256)?);
    let root = prepare_root(&subject("Bench Root"), root_key.public_key_der(), &serial(1), validity(3650))?
        .issue(&root_key)?;
    let top = Issuer { certificate: root.clone(), chain: Vec::new(), urls: Urls::default() };
    let name = subject("Bench CA");
    let issuing = top
        .prepare(Profile::Issuing, &name, issuing_key.public_key_der(), &serial(2), validity(1825))?
        .issue(&root_key)?;
    let issuer = Issuer { certificate: issuing.clone(), chain: vec![root.clone()], urls: Urls::default() };
    let people = [
        ("p256", Profile::Person, KeyAlgorithm::P256, 3),
        ("rsa2048", Profile::Person, KeyAlgorithm::Rsa2048, 4),
        ("tsa", Profile::TimeStamping, KeyAlgorithm::P256, 5),
    ];
    for (name, profile, algorithm, number) in people {
        let (key, pkcs8) = key(algorithm)?;
        let certificate = issuer
            .prepare(profile, &subject(name), key.public_key_der(), &serial(number), validity(365))?
            .issue(&issuing_key)?;
        fs::write(folder.join(format!("{name}.pem")), certificate.to_pem())?;
        fs::write(folder.join(format!("{name}.key")), pkcs8.as_slice())?;
    }
    for (name, certificate, key) in [("root", &root, &root_key), ("issuing", &issuing, &issuing_key)] {
        let at = before + jiff::SignedDuration::from_hours(1);
        let crl = pki::crl::build(certificate, key, 1, at, at + jiff::SignedDuration::from_hours(48), &[])?;
        fs::write(folder.join(format!("{name}.crl")), crl.der())?;
        fs::write(folder.join(format!("{name}.pem")), certificate.to_pem())?;
    }
    document(&folder.join("small.pdf"), 4, 25_000)?;
    let small = fs::read(folder.join("small.pdf"))?;
    let signer = Identity::load(folder, "p256")?;
    for (level, name) in [(Level::BB, "bb.pdf"), (Level::BT, "bt.pdf"), (Level::BLTA, "blta.pdf")] {
        let tail = signer.sign(Arc::new(small.clone()), level)?;
        fs::write(folder.join(name), [small.as_slice(), &tail].concat())?;
    }
    Ok(())
}

/// A PDF with so many pages, each with so many bytes of content.
fn document(path: &Path, pages: usize, content: usize) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut offsets = Vec::new();
    let mut at = out.write(b"%PDF-1.7\n")?;
    let mut object =
        |out: &mut BufWriter<File>, head: String, body: Option<&[u8]>| -> Result<(), Box<dyn Error>> {
            offsets.push(at);
            let mut bytes = format!("{} 0 obj\n{head}\n", offsets.len()).into_bytes();
            if let Some(body) = body {
                bytes.extend([b"stream\n", body, b"\nendstream\n"].concat());
            }
            bytes.extend(b"endobj\n");
            out.write_all(&bytes)?;
            at += bytes.len();
            Ok(())
        };
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", 3 + 2 * page)).collect();
    object(&mut out, "<< /Type /Catalog /Pages 2 0 R >>".to_owned(), None)?;
    object(&mut out, format!("<< /Type /Pages /Count {pages} /Kids [ {kids}] >>"), None)?;
    let filler = b"0 0 m 595 842 l S % so that there is something to hash\n".repeat(content / 55 + 1);
    let filler = filler.get(..content).unwrap_or_default();
    for page in 0..pages {
        let head = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << >> >>",
            4 + 2 * page
        );
        object(&mut out, head, None)?;
        object(&mut out, format!("<< /Length {content} >>"), Some(filler))?;
    }
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1)?;
    for offset in &offsets {
        writeln!(out, "{offset:010} 00000 n ")?;
    }
    writeln!(out, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF", offsets.len() + 1)?;
    Ok(out.flush()?)
}

/// The processor's time that this process has taken (Linux, where it is counted in hundredths).
fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / 100.0)
}

/// The most memory this process has held (Linux).
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
