//! Known answers from outside: the trees of the certificate transparency project, a note of Go's `sumdb/note`.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use proof::{
    Checkpoint, Hash, Note, NoteError, SigningKey, Tree, VerifierKey, empty_root, leaf_hash, root_of,
};

/// Leaves and roots of `merkletree/merkle_tree_test` in google/certificate-transparency.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn leaves() -> Vec<Hash> {
    LEAVES.iter().map(|l| leaf_hash(&hex::decode(l).unwrap())).collect()
}

fn hashes(words: &[&str]) -> Vec<Hash> {
    words.iter().map(|w| Hash::from_hex(w).unwrap()).collect()
}

#[test]
fn roots_of_the_reference_trees() {
    let tree: Tree = leaves().into_iter().collect();
    for (k, root) in ROOTS.iter().enumerate() {
        assert_eq!(tree.root(k as u64 + 1).unwrap().hex(), *root, "{} leaves", k + 1);
        assert_eq!(root_of(leaves().into_iter().take(k + 1)).hex(), *root);
    }
    assert_eq!(empty_root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn proofs_of_the_reference_trees() {
    let tree: Tree = leaves().into_iter().collect();
    assert_eq!(
        tree.inclusion(0, 8).unwrap(),
        hashes(&[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ])
    );
    assert_eq!(
        tree.inclusion(5, 8).unwrap(),
        hashes(&[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
    );
    assert_eq!(
        tree.consistency(6, 8).unwrap(),
        hashes(&[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
    );
}

const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

fn note_of_go() -> String {
    format!(
        "{TEXT}\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
}

#[test]
fn a_note_signed_by_go_is_accepted() {
    let key = VerifierKey::parse(PETER).unwrap();
    assert_eq!(key.to_string(), PETER);
    assert_eq!(Note::parse(&note_of_go()).unwrap().open(&key), Ok(TEXT));
    let changed = note_of_go().replace("answer", "Answer");
    assert_eq!(Note::parse(&changed).unwrap().open(&key), Err(NoteError::Signature));
    assert_eq!(VerifierKey::parse(&PETER.replace("c74f20a3", "c74f20a4")), Err(NoteError::Key));
}

#[test]
fn checkpoints_go_there_and_back() {
    let key = SigningKey::from_seed("tashi/test", &[7; 32]).unwrap();
    let checkpoint =
        Checkpoint { origin: "tashi/test".into(), size: 8, root: Hash::from_hex(ROOTS[7]).unwrap() };
    let note = checkpoint.sign(&key);
    assert_eq!(Checkpoint::open(&note, key.public()), Ok(checkpoint.clone()));
    let public = VerifierKey::parse(&key.public().to_string()).unwrap();
    assert_eq!(Checkpoint::open(&note, &public), Ok(checkpoint));
    let other = SigningKey::from_seed("tashi/test", &[8; 32]).unwrap();
    assert_eq!(Checkpoint::open(&note, other.public()), Err(NoteError::OtherKey));
    for text in [
        "tashi/test\n08\nAAAA\n",
        "tashi/test\n8\n",
        "tashi/test\n8\nXLnaeacGWamtVZy3Ad7ZoqudgjqtL0lgzzcP7/RgQyg=\nmore\n",
    ] {
        assert_eq!(Checkpoint::parse(text), None, "{text}");
    }
    assert!(SigningKey::from_seed("with space", &[7; 32]).is_none());
    assert!(SigningKey::from_seed("with+plus", &[7; 32]).is_none());
}
