//! Answers in a folder, one file each.
//!
//! A file is two lines and the answer: a mark with the second after which it is not used, and the key. It is written
//! aside and renamed, so that none is ever read half. A disk that is full or a file that is damaged costs a fetch.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use super::{Item, Kept, Key};

const MARK: &str = "vermilion-answer-1";
const EXTENSION: &str = "answer";
/// Of a file that is being written.
const PART: &str = ".part";

#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    most: u64,
    largest: usize,
    /// How many were written.
    written: AtomicU64,
    /// Held while old files are removed.
    sweeping: Mutex<()>,
}

impl Folder {
    /// `most`: bytes of all files; `largest`: bytes of one answer that are read.
    pub(super) fn open(path: &Path, most: u64, largest: usize) -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        // Which certificates were asked about is nobody else's business.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)?;
        let folder = Self {
            path: path.to_owned(),
            most,
            largest,
            written: AtomicU64::default(),
            sweeping: Mutex::default(),
        };
        folder.sweep();
        Ok(folder)
    }

    pub(super) fn get(&self, key: &Key) -> Option<Kept> {
        const HEADER: usize = 4096;
        let most = u64::try_from(self.largest.saturating_add(HEADER)).ok()?;
        let mut bytes = Vec::new();
        File::open(self.file(key)).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        let (first, rest) = line(&bytes)?;
        let (second, answer) = line(rest)?;
        let until = first.strip_prefix(MARK)?.trim().parse().ok()?;
        if second != key.text() {
            return None;
        }
        Some(Kept { item: Item::read(key, answer).ok()?, until: Timestamp::from_second(until).ok()? })
    }

    /// Writes it as well as it can.
    pub(super) fn put(&self, key: &Key, kept: &Kept) {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let write = || -> io::Result<()> {
            // Made anew under a name that nobody knows beforehand: who may write into the folder, too, has laid no link
            // there. Removed where it does not get its own name.
            let mut file = tempfile::Builder::new().suffix(PART).tempfile_in(&self.path)?;
            writeln!(file, "{MARK} {}", kept.until.as_second())?;
            writeln!(file, "{}", key.text())?;
            file.write_all(&kept.item.bytes())?;
            file.persist(self.file(key))?;
            Ok(())
        };
        _ = write();
        // Looking through the folder is for now and then.
        if number % 32 == 31 {
            self.sweep();
        }
    }

    fn file(&self, key: &Key) -> PathBuf {
        self.path.join(format!("{}.{EXTENSION}", hex::encode(pki::sha256(key.text().as_bytes()))))
    }

    /// Removes what was written longest ago, until three quarters of what is allowed are left.
    fn sweep(&self) {
        let Ok(_alone) = self.sweeping.try_lock() else { return };
        let Ok(entries) = fs::read_dir(&self.path) else { return };
        let mut files: Vec<_> = entries
            .filter_map(|entry| {
                let path = entry.ok()?.path();
                let data = fs::metadata(&path).ok()?;
                let ours = path.extension().is_some_and(|e| e == EXTENSION || e == "part");
                (ours && data.is_file()).then_some((data.modified().ok()?, data.len(), path))
            })
            .collect();
        let mut total: u64 = files.iter().map(|(_, len, _)| len).sum();
        if total <= self.most {
            return;
        }
        files.sort();
        for (_, len, path) in files {
            if total <= self.most / 4 * 3 {
                break;
            }
            if fs::remove_file(path).is_ok() {
                total = total.saturating_sub(len);
            }
        }
    }
}

fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty(until: &str) -> Kept {
        use pki::ca::{Subject, Validity, prepare_root};
        let (key, _) = pki::SoftwareSigner::generate(pki::KeyAlgorithm::P256).unwrap();
        let subject = Subject { common_name: "A root".to_owned(), ..Subject::default() };
        let validity = Validity {
            not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
            not_after: "2036-01-01T00:00:00Z".parse().unwrap(),
        };
        let serial = pki::Serial::from_random([7; 16]);
        let token = prepare_root(&subject, pki::Signer::public_key_der(&key), &serial, validity).unwrap();
        let item = Item::Certificates(vec![token.issue(&key).unwrap()]);
        Kept { item, until: until.parse().unwrap() }
    }

    #[test]
    fn what_is_written_is_read_and_damage_is_not() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&place.path().join("a/b"), 1 << 20, 1 << 16).unwrap();
        let key = Key::Certificates("http://example.com/x".to_owned());
        assert!(folder.get(&key).is_none());
        folder.put(&key, &empty("2026-11-23T04:00:00Z"));
        let again = Folder::open(&place.path().join("a/b"), 1 << 20, 1 << 16).unwrap();
        let kept = again.get(&key).unwrap();
        assert_eq!(kept.until.to_string(), "2026-11-23T04:00:00Z");
        assert!(matches!(&kept.item, Item::Certificates(all) if all.len() == 1));
        // The same bytes under another key, cut off, and no such file at all.
        let other = Key::Certificates("http://example.com/y".to_owned());
        fs::copy(again.file(&key), again.file(&other)).unwrap();
        assert!(again.get(&other).is_none());
        for len in [0, 10, 40, 80, 200] {
            let bytes = fs::read(again.file(&key)).unwrap();
            fs::write(again.file(&other), &bytes[..len]).unwrap();
            assert!(again.get(&other).is_none());
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lie_in_wait_are_not_written_through() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&place.path().join("kept"), 1 << 20, 1 << 16).unwrap();
        let mine = place.path().join("mine.txt");
        fs::write(&mine, "mine").unwrap();
        let key = Key::Certificates("http://example.com/x".to_owned());
        for number in 0..64 {
            let name = format!("kept/{}-{number}.part", std::process::id());
            std::os::unix::fs::symlink(&mine, place.path().join(name)).unwrap();
        }
        std::os::unix::fs::symlink(&mine, folder.file(&key)).unwrap();
        folder.put(&key, &empty("2026-11-23T04:00:00Z"));
        assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
        assert!(folder.get(&key).is_some());
        let parts = fs::read_dir(place.path().join("kept")).unwrap().filter_map(Result::ok);
        let parts = parts.filter(|one| one.path().extension().is_some_and(|e| e == "part"));
        assert_eq!(parts.count(), 64, "nothing half written stays");
    }

    #[test]
    fn the_folder_stays_within_its_bounds() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path(), 20_000, 1 << 16).unwrap();
        fs::write(place.path().join("mine.txt"), vec![0; 50_000]).unwrap();
        let kept = empty("2026-11-23T04:00:00Z");
        for n in 0..200 {
            folder.put(&Key::Certificates(n.to_string()), &kept);
        }
        folder.sweep();
        let ours = fs::read_dir(place.path())
            .unwrap()
            .filter_map(Result::ok)
            .filter(|e| e.path().extension().is_some_and(|e| e == EXTENSION));
        let total: u64 = ours.map(|e| e.metadata().unwrap().len()).sum();
        assert!((1..=20_000).contains(&total), "{total}");
        assert!(place.path().join("mine.txt").exists(), "what is not ours stays");
    }
}
