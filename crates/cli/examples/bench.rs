//! Measures signing and verifying, for `scripts/bench`.
//!
//! `bench setup DIR` writes documents, a key and its certificates; `bench sign FILE DIR SECONDS` and
//! `bench verify FILE DIR SECONDS` count; `bench sign-file FILE DIR OUT` signs once from disk to disk.

use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use pades::{Policy, RevocationRule, SigningRequest};
use pdf::{Document, FileSource, Limits, Source};
use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
use pki::{Certificate, KeyAlgorithm, Serial, Signer as _, SoftwareSigner};
use service::Clock as _;
use service::SystemClock;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup", folder] => setup(Path::new(folder)),
        ["sign", file, folder, seconds] => {
            let bytes: Arc<dyn Source> = Arc::new(fs::read(file)?);
            let signer = Identity::load(Path::new(folder))?;
            count("sign", seconds, || signer.sign(Arc::clone(&bytes)).map(|tail| drop(black_box(tail))))
        }
        ["verify", file, folder, seconds] => {
            let bytes: Arc<dyn Source> = Arc::new(fs::read(file)?);
            let signer = Identity::load(Path::new(folder))?;
            let policy =
                Policy::new(vec![signer.root], SystemClock.now()).with_revocation(RevocationRule::IfPresent);
            count("verify", seconds, || {
                let document = Document::open(Arc::clone(&bytes), &Limits::default())?;
                let report = pades::validate(&document, &policy);
                if report.indication != pades::Indication::TotalPassed {
                    return Err(report.text(pades::Lang::En).into());
                }
                Ok(())
            })
        }
        ["sign-file", file, folder, out] => {
            let signer = Identity::load(Path::new(folder))?;
            fs::copy(file, out)?;
            let start = Instant::now();
            let tail = signer.sign(Arc::new(FileSource::open(out)?))?;
            File::options().append(true).open(out)?.write_all(&tail)?;
            println!("{:.3} {}", start.elapsed().as_secs_f64(), peak_kib().unwrap_or_default());
            Ok(())
        }
        _ => Err("usage: bench setup|sign|verify|sign-file …".into()),
    }
}

struct Identity {
    root: Certificate,
    chain: Vec<Certificate>,
    certificate: Certificate,
    key: SoftwareSigner,
}

impl Identity {
    fn load(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let certificate = |name: &str| -> Result<Certificate, Box<dyn Error>> {
            Ok(Certificate::from_pem(&fs::read_to_string(folder.join(name))?)?)
        };
        let root = certificate("root.pem")?;
        Ok(Self {
            chain: vec![certificate("issuing.pem")?, root.clone()],
            root,
            certificate: certificate("signer.pem")?,
            key: SoftwareSigner::from_pkcs8(&fs::read(folder.join("signer.key"))?)?,
        })
    }

    /// The bytes to append: PAdES-B-B.
    fn sign(&self, source: Arc<dyn Source>) -> Result<Vec<u8>, Box<dyn Error>> {
        let document = Document::open(source, &Limits::default())?;
        let mut request = SigningRequest::new("Signature1", SystemClock.now());
        request.place = Some(pades::Place::invisible());
        let prepared = pades::prepare(&document, &request)?;
        let algorithm = self.key.algorithm();
        let tbs = prepared.to_be_signed(self.certificate.clone(), self.chain.clone(), algorithm)?;
        let value = self.key.sign(tbs.bytes())?;
        Ok(tbs.signed(value)?.finish()?)
    }
}

fn count(
    what: &str,
    seconds: &str,
    mut step: impl FnMut() -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let time = Duration::from_secs_f64(seconds.parse()?);
    step()?;
    let start = Instant::now();
    let mut steps = 0_u32;
    while start.elapsed() < time {
        step()?;
        steps += 1;
    }
    println!("{what} {:.1}", f64::from(steps) / start.elapsed().as_secs_f64());
    Ok(())
}

fn setup(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let now = SystemClock.now();
    let validity = |days: i64| -> Result<Validity, Box<dyn Error>> {
        let whole = Timestamp::from_second(now.as_second())?;
        let before = whole - jiff::SignedDuration::from_hours(1);
        Ok(Validity { not_before: before, not_after: before + jiff::SignedDuration::from_hours(24 * days) })
    };
    let subject = |name: &str| Subject { common_name: name.to_owned(), ..Subject::default() };
    let keys: Vec<_> =
        (0..3).map(|_| SoftwareSigner::generate(KeyAlgorithm::P256)).collect::<Result<_, _>>()?;
    let [(root_key, _), (issuing_key, _), (key, pkcs8)] = keys.as_slice() else {
        return Err("three keys".into());
    };
    let serial = |number| Serial::from_random([number; 16]);
    let root = prepare_root(&subject("Bench Root"), root_key.public_key_der(), &serial(1), validity(3650)?)?;
    let root = root.issue(root_key)?;
    let top = Issuer { certificate: root.clone(), chain: Vec::new(), urls: Urls::default() };
    let issuing = top
        .prepare(
            Profile::Issuing,
            &subject("Bench CA"),
            issuing_key.public_key_der(),
            &serial(2),
            validity(1825)?,
        )?
        .issue(root_key)?;
    let issuer = Issuer { certificate: issuing.clone(), chain: vec![root.clone()], urls: Urls::default() };
    let signer = issuer
        .prepare(Profile::Person, &subject("Bench Signer"), key.public_key_der(), &serial(3), validity(365)?)?
        .issue(issuing_key)?;
    for (name, certificate) in [("root.pem", &root), ("issuing.pem", &issuing), ("signer.pem", &signer)] {
        fs::write(folder.join(name), certificate.to_pem())?;
    }
    fs::write(folder.join("signer.key"), pkcs8.as_slice())?;
    document(&folder.join("small.pdf"), 4, 25_000)?;
    document(&folder.join("large.pdf"), 100, 1_048_576)?;
    let small = fs::read(folder.join("small.pdf"))?;
    let tail = Identity::load(folder)?.sign(Arc::new(small.clone()))?;
    fs::write(folder.join("signed.pdf"), [small, tail].concat())?;
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
    write!(out, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n", offsets.len() + 1)?;
    Ok(out.flush()?)
}

/// The most memory this process has held (Linux).
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
