#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;

/// A build with one segment and one client, told apart by `content`.
fn draft(root: &Path, content: &str) -> Draft {
    let mut draft = Draft::open(root, false).unwrap();
    draft.put_in_segment("t/0.bin", content.as_bytes()).unwrap();
    draft.name_segment(&name(content)).unwrap();
    draft
        .put("client/00000000/engine.js", b"same in all")
        .unwrap();
    draft
        .put("index.html", format!("page of {content}").as_bytes())
        .unwrap();
    draft
        .put(
            MANIFEST,
            format!("OFFPRINT manifest of {content}").as_bytes(),
        )
        .unwrap();
    draft
}

fn name(content: &str) -> String {
    sums::digest(content.as_bytes())[..16].to_owned()
}

fn build(root: &Path, content: &str, keep: usize) -> Finished {
    draft(root, content).finish(keep).unwrap()
}

/// Every file with its content.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let paths = files::list(root, ".").unwrap();
    paths
        .into_iter()
        .map(|path| (path.clone(), fs::read(root.join(&path)).unwrap()))
        .collect()
}

fn has(root: &Path, content: &str) -> bool {
    root.join("segments")
        .join(name(content))
        .join("t/0.bin")
        .exists()
}

#[test]
fn two_builds_of_the_same_are_the_same_to_the_byte() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    build(one.path(), "a", 1);
    build(two.path(), "a", 1);
    let first = tree(one.path());
    assert_eq!(first, tree(two.path()));
    assert_eq!(first.len(), 6, "{:?}", first.keys());
    // Again into the same folder, too.
    build(one.path(), "a", 1);
    assert_eq!(first, tree(one.path()));
}

#[test]
fn earlier_builds_are_kept_and_then_removed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    build(root, "a", 1);
    let second = build(root, "b", 1);
    assert_eq!((second.kept, second.removed), (1, 0));
    assert!(has(root, "a") && has(root, "b"));
    let third = build(root, "c", 1);
    assert_eq!((third.kept, third.removed), (1, 1));
    assert!(!has(root, "a") && has(root, "b") && has(root, "c"));
    assert!(
        !root.join("segments").join(name("a")).exists(),
        "an empty folder is left"
    );
    assert!(
        root.join("client/00000000/engine.js").exists(),
        "shared files must stay"
    );
    build(root, "c", 0);
    assert!(!has(root, "b") && has(root, "c"));
    assert_eq!(History::read(root).unwrap().builds.len(), 1);
}

#[test]
fn an_old_build_made_current_again_is_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    build(root, "a", 1);
    build(root, "b", 1);
    build(root, "a", 1);
    let history = History::read(root).unwrap();
    let sequences: Vec<_> = history.builds.iter().map(|sums| sums.sequence).collect();
    assert_eq!(sequences, [3, 2]);
    assert_eq!(
        history.builds[0].files[MANIFEST],
        sums::digest(b"OFFPRINT manifest of a")
    );
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    build(root, "a", 0);
    for name in ["CNAME", "notes/x.txt", "segments/readme", "client/.keep"] {
        fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        fs::write(root.join(name), "mine").unwrap();
    }
    fs::write(root.join(".nojekyll"), "mine").unwrap();
    build(root, "b", 0);
    build(root, "c", 0);
    for name in [
        "CNAME",
        "notes/x.txt",
        "segments/readme",
        "client/.keep",
        ".nojekyll",
    ] {
        assert_eq!(
            fs::read_to_string(root.join(name)).unwrap(),
            "mine",
            "{name}"
        );
    }
}

#[test]
fn a_foreign_folder_is_refused_unless_forced() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "years of work").unwrap();
    let error = Draft::open(folder.path(), false).unwrap_err();
    assert!(error.to_string().contains("thesis.tex"), "{error}");
    assert_eq!(
        tree(folder.path()).len(),
        1,
        "a refusal must not leave anything"
    );
    assert!(Draft::open(folder.path(), true).is_ok());
}

#[test]
fn a_build_that_is_dropped_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), "a", 1);
    let before = tree(folder.path());
    drop(draft(folder.path(), "b"));
    assert_eq!(tree(folder.path()), before);
}

/// A killed build can stop between any two steps. The next one clears up and does its work.
#[test]
fn the_next_build_clears_up_after_a_killed_one() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    build(root, "a", 1);
    let clean = {
        let other = tempfile::tempdir().unwrap();
        build(other.path(), "a", 1);
        build(other.path(), "c", 1);
        tree(other.path())
    };
    // Killed while writing, after moving its folders, and after writing its list.
    let left = root.join(format!("{TEMPORARY}killed/segments/{}", name("b")));
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("0.bin"), "b").unwrap();
    fs::write(root.join(lock::NAME), "").unwrap();
    let moved = root.join("segments").join(name("b"));
    fs::create_dir_all(moved.join("t")).unwrap();
    fs::write(moved.join("t/0.bin"), "b").unwrap();
    let files = [
        (
            format!("segments/{}/t/0.bin", name("b")),
            sums::digest(b"b"),
        ),
        (MANIFEST.to_owned(), sums::digest(b"OFFPRINT manifest of b")),
    ];
    let unfinished = Sums {
        sequence: 2,
        files: files.into(),
    };
    fs::write(root.join(unfinished.path()), unfinished.to_text()).unwrap();

    let finished = build(root, "c", 1);
    assert_eq!((finished.kept, finished.removed), (1, 0));
    assert!(
        has(root, "a"),
        "the build that was current is the one to keep"
    );
    assert_eq!(tree(root), clean);
}

#[test]
fn a_first_build_that_was_killed_is_no_foreign_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join(format!("{TEMPORARY}killed"))).unwrap();
    fs::create_dir_all(root.join("segments").join(name("b"))).unwrap();
    fs::write(root.join(lock::NAME), "").unwrap();
    build(root, "a", 1);
    assert!(!has(root, "b"));
    assert_eq!(tree(root).len(), 6);
}

#[test]
fn two_builds_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let first = draft(folder.path(), "a");
    let error = Draft::open(folder.path(), false).unwrap_err();
    assert!(error.to_string().contains("another build"), "{error}");
    first.finish(1).unwrap();
    build(folder.path(), "b", 1);
}

#[test]
fn building_again_mends_damage() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    build(root, "a", 1);
    let sound = tree(root);
    for path in sound.keys().filter(|path| !path.ends_with(".nojekyll")) {
        fs::write(root.join(path), "damage").unwrap();
        build(root, "a", 1);
        let mended = tree(root);
        // Where the list itself was lost, so was the count.
        assert_eq!(
            mended.keys().collect::<Vec<_>>(),
            sound.keys().collect::<Vec<_>>(),
            "{path}"
        );
        assert_eq!(mended[path], sound[path], "{path}");
        fs::remove_file(root.join(path)).unwrap();
        build(root, "a", 1);
        assert_eq!(tree(root)[path], sound[path], "{path}");
    }
}

#[test]
fn files_that_a_build_no_longer_has_go_unless_they_changed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut with_more = draft(root, "a");
    with_more.put("icon.svg", b"ours").unwrap();
    with_more.put("sw.js", b"ours").unwrap();
    with_more.finish(1).unwrap();
    fs::write(root.join("sw.js"), "theirs").unwrap();
    build(root, "b", 1);
    assert!(!root.join("icon.svg").exists());
    assert_eq!(fs::read_to_string(root.join("sw.js")).unwrap(), "theirs");
}

#[test]
fn paths_that_leave_the_site_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut draft = Draft::open(folder.path(), false).unwrap();
    assert!(draft.put("../outside", b"").is_err());
    assert!(draft.put("/outside", b"").is_err());
}
