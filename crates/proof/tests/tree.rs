//! Properties of trees: every proof made is accepted, every other proof is not.

use proof::{Hash, Tree, empty_root, leaf_hash, root_of, verify_consistency, verify_inclusion};
use proptest::prelude::*;

fn tree(size: u64) -> Tree {
    (0..size).map(|k| leaf_hash(&k.to_le_bytes())).collect()
}

#[test]
fn every_proof_of_small_trees_holds_and_fits_nowhere_else() {
    let all = tree(40);
    for size in 1..=40 {
        let root = all.root(size).unwrap();
        assert_eq!(root, root_of((0..size).map(|k| all.leaf(k).unwrap())));
        for index in 0..size {
            let (leaf, proof) = (all.leaf(index).unwrap(), all.inclusion(index, size).unwrap());
            for place in 0..size + 2 {
                let holds = verify_inclusion(&leaf, place, size, &proof, &root);
                assert_eq!(holds, place == index, "leaf {index} of {size} at {place}");
            }
            if size > 1 {
                assert!(!verify_inclusion(&leaf, index, size, &proof[1..], &root));
            }
        }
        for from in 0..=size {
            let (old, proof) = (all.root(from).unwrap(), all.consistency(from, size).unwrap());
            assert!(verify_consistency(from, &old, size, &root, &proof), "{from} in {size}");
            let longer = [proof.clone(), vec![root]].concat();
            assert!(!verify_consistency(from, &old, size, &root, &longer), "{from} in {size} with more");
            if from != size {
                assert!(!verify_consistency(from, &leaf_hash(b"other"), size, &root, &proof));
            }
        }
    }
    assert!(all.root(41).is_none() && all.inclusion(40, 40).is_none() && all.consistency(3, 41).is_none());
    assert!(verify_consistency(0, &empty_root(), 0, &empty_root(), &[]));
    assert!(!verify_consistency(5, &all.root(5).unwrap(), 4, &all.root(4).unwrap(), &[]));
}

proptest! {
    #[test]
    fn a_changed_hash_is_never_accepted(size in 2_u64..600, index in 0_u64..600, from in 1_u64..600, at: usize, bit in 0_usize..256) {
        let (index, from) = (index % size, from % size);
        let all = tree(size);
        let root = all.root(size).unwrap();
        let flip = |hash: &Hash| { let mut h = *hash; h.0[bit / 8] ^= 1 << (bit % 8); h };
        let mut proof = all.inclusion(index, size).unwrap();
        prop_assert!(verify_inclusion(&all.leaf(index).unwrap(), index, size, &proof, &root));
        prop_assert!(!verify_inclusion(&flip(&all.leaf(index).unwrap()), index, size, &proof, &root));
        let k = at % proof.len();
        proof[k] = flip(&proof[k]);
        prop_assert!(!verify_inclusion(&all.leaf(index).unwrap(), index, size, &proof, &root));
        if from > 0 {
            let old = all.root(from).unwrap();
            let mut proof = all.consistency(from, size).unwrap();
            prop_assert!(verify_consistency(from, &old, size, &root, &proof));
            let k = at % proof.len();
            proof[k] = flip(&proof[k]);
            prop_assert!(!verify_consistency(from, &old, size, &root, &proof));
        }
    }
}
