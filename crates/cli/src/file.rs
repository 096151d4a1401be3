//! Files: opened as a PDF, and written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pdf::{Document, FileSource, OpenError, OpenOptions};

use crate::args::PdfOptions;
use crate::args::sign::OutputOptions;
use crate::failure::Failure;
use crate::{explain, secret};

/// Opens a PDF, with its password where one is given.
pub(crate) fn open(path: &Path, options: &PdfOptions) -> Result<Document, Failure> {
    let unreadable = |why: String| Failure::Unreadable(format!("{}: {why}", path.display()));
    let source = FileSource::open(path).map_err(|error| unreadable(error.to_string()))?;
    let mut how = OpenOptions::new();
    let password = match &options.pdf_password_file {
        Some(file) => Some(secret::from_file(file)?.to_string()),
        None => options.pdf_password.clone(),
    };
    if let Some(password) = password {
        how = how.password(password);
    }
    Document::open_with(Arc::new(source), &how).map_err(|error| match error {
        OpenError::PasswordRequired => unreadable(
            "the file is protected by a password: give it with --pdf-password-file FILE".to_owned(),
        ),
        other => unreadable(explain(&other)),
    })
}

/// Reads a small file whole.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::Unreadable(format!("{}: {error}", path.display())))
}

/// Where a result goes, checked before any work is done.
#[derive(Debug)]
pub(crate) struct Target {
    path: PathBuf,
    replaces: bool,
}

impl Target {
    /// # Errors
    /// Where a file is there already, and was not said to be replaced.
    pub(crate) fn new(options: &OutputOptions, input: &Path) -> Result<Self, Failure> {
        let Some(path) = &options.output else { return Ok(Self { path: input.to_owned(), replaces: true }) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(Failure::Usage(format!(
                "{}: the folder {} does not exist",
                path.display(),
                folder.display()
            )));
        }
        let is_input = match (path.canonicalize(), input.canonicalize()) {
            (Ok(path), Ok(input)) => path == input,
            _ => false,
        };
        if is_input {
            return Err(Failure::Usage(format!(
                "{} is the input: give another name, or --in-place to replace it",
                path.display()
            )));
        }
        if path.exists() && !options.force {
            return Err(Failure::Usage(format!(
                "{} exists: give another name, or --force to replace it",
                path.display()
            )));
        }
        Ok(Self { path: path.clone(), replaces: options.force })
    }

    /// A file that is made, and must not be there.
    pub(crate) fn fresh(path: &Path) -> Result<Self, Failure> {
        Self::new(
            &OutputOptions { output: Some(path.to_owned()), force: false, in_place: false },
            Path::new(""),
        )
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the first `len` bytes of `base` and what follows them; the file appears whole or not at all.
    pub(crate) fn write(&self, base: Option<(&Path, u64)>, tail: &[u8]) -> Result<(), Failure> {
        let written = || -> io::Result<()> {
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
                // Its own name says nothing to anybody.
                .map_err(|error| io::Error::from(error.kind()))?;
            if let Some((base, len)) = base {
                let copied = io::copy(&mut io::Read::take(File::open(base)?, len), &mut file)?;
                if copied != len {
                    return Err(io::Error::other(format!("{} was cut meanwhile", base.display())));
                }
            }
            file.write_all(tail)?;
            self.permit(file.as_file())?;
            file.as_file().sync_all()?;
            if self.replaces {
                file.persist(&self.path)?;
            } else {
                file.persist_noclobber(&self.path)?;
            }
            Ok(())
        };
        written().map_err(|error| Failure::Failed(format!("{}: {error}", self.path.display())))
    }

    /// A file like others that this user makes, or as the one that it replaces; not the private one that it begins as.
    #[cfg(unix)]
    fn permit(&self, file: &File) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = match fs::metadata(&self.path) {
            Ok(metadata) => metadata.permissions(),
            Err(_) => fs::Permissions::from_mode(0o644),
        };
        file.set_permissions(mode)
    }

    #[cfg(not(unix))]
    fn permit(&self, _: &File) -> io::Result<()> {
        Ok(())
    }
}
