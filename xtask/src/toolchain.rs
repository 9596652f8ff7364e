//! A compiler for wasm32: found, or set up.
//!
//! There are two kinds. With the standard library's source, cargo compiles it together with the
//! client, which is then 11 KB smaller; rustup has the source as a component, and Debian as a
//! package. Where neither can be had, rustup's `wasm32-unknown-unknown` target does.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::install;
use crate::process;
use crate::workspace::Workspace;

/// The target the client is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's packages that together compile for wasm32.
const PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// How long rustup may take to download something.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(300);

/// What is known of one installed compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Compiler {
    rustc: PathBuf,
    sysroot: PathBuf,
    /// The release, as (1, 93).
    version: (u32, u32),
    /// The standard library compiled for wasm32 is there.
    has_target: bool,
    /// The standard library's source is there.
    has_source: bool,
}

/// A way to compile for wasm32.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Toolchain {
    /// The compiler cargo uses anyway has the target.
    Target {
        /// The compiler's own files.
        sysroot: PathBuf,
    },
    /// A compiler with the standard library's source.
    Source {
        /// The compiler.
        rustc: PathBuf,
        /// The compiler's own files.
        sysroot: PathBuf,
        /// A linker for wasm.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Finds a compiler for wasm32, or installs one and says so first.
    ///
    /// # Errors
    ///
    /// When there is none and no known way to get one works.
    pub fn find_or_install(workspace: &Workspace) -> Result<Self> {
        let oldest = release(&workspace.rust_version)
            .with_context(|| format!("odd rust-version {:?}", workspace.rust_version))?;
        let found = Self::find(oldest)?;
        if let Some(found @ Self::Source { .. }) = found {
            return Ok(found);
        }
        if process::which("rustup").is_some() {
            let source = rustup_add(
                "component",
                "rust-src",
                "The standard library's source, which makes the client 11 KB smaller, is missing",
                "about 5 MB",
            )?;
            if source && let Some(found) = Self::find(oldest)? {
                return Ok(found);
            }
        }
        if let Some(found) = found {
            return Ok(found);
        }
        if process::which("rustup").is_some() {
            let missing = format!("The Rust target {TARGET} is missing");
            let target = rustup_add("target", TARGET, &missing, "about 20 MB")?;
            if target && let Some(found) = Self::find(oldest)? {
                return Ok(found);
            }
        }
        if process::which("apt-get").is_none() {
            bail!(
                "no compiler for {TARGET}. Run `rustup target add {TARGET}` where the network \
                 lets rustup download it, then run this again."
            );
        }
        install::apt(PACKAGES, "a second Rust with the standard library's source")?;
        Self::find(oldest)?.with_context(|| {
            format!(
                "the packages {} are installed, but are older than Rust {} or hold no source of \
                 the standard library; run `rustup target add {TARGET}` instead",
                PACKAGES.join(", "),
                workspace.rust_version
            )
        })
    }

    fn find(oldest: (u32, u32)) -> Result<Option<Self>> {
        let own = std::env::var_os("RUSTC").map_or_else(|| PathBuf::from("rustc"), PathBuf::from);
        let own = inspect(&own);
        let system = inspect(Path::new("/usr/bin/rustc"));
        let Some(chosen) = choose(own.as_ref(), system.as_ref(), oldest) else {
            return Ok(None);
        };
        if !chosen.has_source {
            return Ok(Some(Self::Target {
                sysroot: chosen.sysroot.clone(),
            }));
        }
        let linker = [own.as_ref(), system.as_ref()]
            .into_iter()
            .flatten()
            .find_map(|compiler| bundled_linker(&compiler.sysroot))
            .or_else(|| ["rust-lld", "wasm-ld"].into_iter().find_map(process::which))
            .context(
                "no linker for wasm: neither rust-lld in the Rust toolchain nor wasm-ld on the \
                 PATH (Debian's package `lld` has one)",
            )?;
        let (rustc, sysroot) = (chosen.rustc.clone(), chosen.sysroot.clone());
        Ok(Some(Self::Source {
            rustc,
            sysroot,
            linker,
        }))
    }

    /// Makes a cargo command compile for wasm32, with the arguments it needs.
    ///
    /// Paths of this machine are kept out of the compiled bytes, so that they do not depend on
    /// where the workspace lies.
    pub fn apply(&self, workspace: &Workspace, command: &mut Command) {
        command.args(["--target", TARGET]).env(
            "CARGO_ENCODED_RUSTFLAGS",
            self.flags(workspace).join("\u{1f}"),
        );
        if let Self::Source { rustc, linker, .. } = self {
            command
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC", rustc)
                // The compiler is a stable release; this opens -Zbuild-std in it.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }

    /// Whether the compiler is the system's own, in `/usr`.
    #[must_use]
    pub fn is_the_systems(&self) -> bool {
        let (Self::Target { sysroot } | Self::Source { sysroot, .. }) = self;
        sysroot == Path::new("/usr")
    }

    /// Whether the standard library is compiled together with the client.
    #[must_use]
    pub fn compiles_library(&self) -> bool {
        matches!(self, Self::Source { .. })
    }

    fn flags(&self, workspace: &Workspace) -> Vec<String> {
        let (Self::Target { sysroot } | Self::Source { sysroot, .. }) = self;
        let mut places = vec![
            (sysroot.join("lib/rustlib/src/rust"), "/rust"),
            (workspace.root.clone(), "/offprint"),
        ];
        // Debian keeps the library's source elsewhere and links to it.
        if let Ok(real) = sysroot.join("lib/rustlib/src/rust").canonicalize() {
            places.push((real, "/rust"));
        }
        if let Some(home) = cargo_home() {
            places.push((home, "/cargo"));
        }
        let flag = |(from, to): &(PathBuf, &str)| {
            format!("--remap-path-prefix={}={to}", from.to_string_lossy())
        };
        let mut flags: Vec<String> = places.iter().map(flag).collect();
        if let Self::Source { .. } = self {
            // With the library compiled anyway, panics can go without their messages, which no
            // reader sees: a tenth of the client. Both ways a panic is a trap.
            flags.extend([
                "-Zunstable-options".to_owned(),
                "-Cpanic=immediate-abort".to_owned(),
            ]);
        }
        flags
    }

    /// One line about this toolchain.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Target { sysroot } => format!("{TARGET} of {}", sysroot.display()),
            Self::Source { rustc, linker, .. } => format!(
                "{} with the standard library from source, linked by {}",
                rustc.display(),
                linker.display()
            ),
        }
    }
}

/// Adds something to the rustup toolchain, saying so first; whether that worked.
fn rustup_add(kind: &str, what: &str, missing: &str, size: &str) -> Result<bool> {
    process::consent(&format!(
        "{missing}. Next: `rustup {kind} add {what}` ({size}, into the rustup toolchain)."
    ))?;
    let mut add = Command::new("rustup");
    add.args([kind, "add", what]).env("RUSTUP_MAX_RETRIES", "1");
    let added = process::run_within(&mut add, DOWNLOAD_LIMIT);
    if let Err(error) = &added {
        println!("rustup could not add it: {error}");
    }
    Ok(added.is_ok())
}

/// Prefers the compiler cargo uses anyway, with the standard library's source or else with the
/// target, then the system's. A compiler older than the workspace asks for is no use.
fn choose<'a>(
    own: Option<&'a Compiler>,
    system: Option<&'a Compiler>,
    oldest: (u32, u32),
) -> Option<&'a Compiler> {
    let fits = |compiler: &&Compiler| compiler.version >= oldest;
    own.filter(fits)
        .filter(|compiler| compiler.has_source || compiler.has_target)
        .or_else(|| system.filter(fits).filter(|compiler| compiler.has_source))
}

fn inspect(rustc: &Path) -> Option<Compiler> {
    let ask = |arguments: &[&str]| {
        let done = Command::new(rustc).args(arguments).output().ok()?;
        done.status
            .success()
            .then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
    };
    let version = release(ask(&["--version"])?.split_whitespace().nth(1)?)?;
    let sysroot = PathBuf::from(ask(&["--print", "sysroot"])?);
    let rustlib = sysroot.join("lib/rustlib");
    Some(Compiler {
        rustc: rustc.to_owned(),
        version,
        has_target: rustlib.join(TARGET).join("lib").is_dir(),
        has_source: rustlib.join("src/rust/library/std").is_dir(),
        sysroot,
    })
}

/// The first two numbers of a release: `1.96.0` is (1, 96).
fn release(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split(['.', '-']).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// `rust-lld` lies beside the libraries of the host, in `lib/rustlib/<host>/bin`.
fn bundled_linker(sysroot: &Path) -> Option<PathBuf> {
    let file = format!("bin/rust-lld{}", std::env::consts::EXE_SUFFIX);
    let folders = std::fs::read_dir(sysroot.join("lib/rustlib")).ok()?;
    folders
        .flatten()
        .map(|folder| folder.path().join(&file))
        .find(|path| path.is_file())
}

fn cargo_home() -> Option<PathBuf> {
    let stated = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    stated.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use super::*;

    fn compiler(version: (u32, u32), has_target: bool, has_source: bool) -> Compiler {
        let rustc = PathBuf::from(format!("rustc-{}-{}", version.0, version.1));
        Compiler {
            rustc,
            sysroot: PathBuf::new(),
            version,
            has_target,
            has_source,
        }
    }

    #[test]
    fn what_cargo_uses_anyway_comes_before_the_system() {
        let own = compiler((1, 95), true, false);
        let system = compiler((1, 96), false, true);
        assert_eq!(choose(Some(&own), Some(&system), (1, 93)), Some(&own));
        let own = compiler((1, 95), false, true);
        assert_eq!(choose(Some(&own), Some(&system), (1, 93)), Some(&own));
    }

    #[test]
    fn without_the_target_the_system_compiles_the_library() {
        let own = compiler((1, 95), false, false);
        let system = compiler((1, 96), false, true);
        assert_eq!(choose(Some(&own), Some(&system), (1, 93)), Some(&system));
        assert_eq!(choose(None, Some(&system), (1, 93)), Some(&system));
    }

    #[test]
    fn neither_target_nor_source_means_installing() {
        let own = compiler((1, 95), false, false);
        let system = compiler((1, 96), false, false);
        assert_eq!(choose(Some(&own), Some(&system), (1, 93)), None);
        assert_eq!(choose(Some(&own), None, (1, 93)), None);
    }

    #[test]
    fn compilers_that_are_too_old_do_not_count() {
        let own = compiler((1, 92), true, false);
        let system = compiler((1, 85), false, true);
        assert_eq!(choose(Some(&own), Some(&system), (1, 93)), None);
    }

    #[test]
    fn reads_releases() {
        assert_eq!(release("1.96.0"), Some((1, 96)));
        assert_eq!(release("1.93"), Some((1, 93)));
        assert_eq!(release("1.97.0-nightly"), Some((1, 97)));
        assert_eq!(release("nonsense"), None);
    }

    #[test]
    fn finds_the_linker_beside_the_host_libraries() {
        let sysroot = std::env::temp_dir().join(format!("xtask-linker-{}", std::process::id()));
        let folder = sysroot.join("lib/rustlib/some-host/bin");
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(bundled_linker(&sysroot), None);
        let linker = folder.join(format!("rust-lld{}", std::env::consts::EXE_SUFFIX));
        std::fs::write(&linker, "").unwrap();
        assert_eq!(bundled_linker(&sysroot), Some(linker));
        std::fs::remove_dir_all(&sysroot).unwrap();
    }
}
