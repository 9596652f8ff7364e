//! Opening a site that is there.

use std::fs;
use std::io;
use std::path::Path;

use offprint_format::Manifest;
use offprint_search::{DriveError, Error};

use crate::error::{Failure, Result};
use crate::history::MANIFEST;

/// The bytes of a site's manifest.
pub fn manifest_bytes(site: &Path) -> Result<Vec<u8>> {
    let path = site.join(MANIFEST);
    match fs::read(&path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if !site.exists() => Err(Failure::advice(
            format!("cannot open {}: {error}", site.display()),
            "check the path; `offprint build INPUT --out DIR` makes a site",
        )),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Err(Failure::advice(
                format!(
                    "{} holds no Offprint site: {MANIFEST} is missing",
                    site.display()
                ),
                "give the folder that `offprint build` wrote",
            ))
        }
        Err(error) => Err(Failure::io("read", &path)(error)),
    }
}

/// The manifest of a site.
pub fn manifest(site: &Path) -> Result<Manifest> {
    let bytes = manifest_bytes(site)?;
    Manifest::from_bytes(&bytes).map_err(|error| explain(site, &Error::Format(error)))
}

/// An engine's error in words for someone who has the site's files.
pub fn explain(site: &Path, error: &Error) -> Failure {
    let site = site.display();
    let help = match error.code() {
        "version" => {
            "build the site again with this version of offprint, or use the version that built it"
                .to_owned()
        }
        "damaged" => format!(
            "`offprint verify {site}` names every damaged file; build the site again, or copy it \
             again from where it was built"
        ),
        _ => error.advice().to_owned(),
    };
    Failure::advice(format!("{site}: {error}"), help)
}

/// The same for what happened while files were read.
pub fn explain_drive(site: &Path, error: DriveError<io::Error>) -> Failure {
    match error {
        DriveError::Engine(error) => explain(site, &error),
        DriveError::File { path, source } if source.kind() == io::ErrorKind::NotFound => {
            Failure::advice(
                format!("{}: {path} is missing", site.display()),
                "build the site again, or copy it again from where it was built",
            )
        }
        DriveError::File { path, source } => Failure::io("read", &site.join(path))(source),
    }
}
