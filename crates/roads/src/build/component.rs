//! Which arcs one can get to and away from: the strongly connected parts, by Tarjan's algorithm.

use super::TurnGraph;

/// Parts of at least this many arcs are places one may start from; smaller ones are islands cut off by the
/// edge of the extract or by mistakes in it.
const ISLAND: usize = 1_000;

/// True for arcs in a part large enough (or in the largest, if all are small).
pub(crate) fn main_component(graph: &TurnGraph) -> Vec<bool> {
    let n = graph.arcs.len();
    let (first, next) = adjacency(graph, n);
    let part = strong_parts(n, &first, &next);
    let mut sizes = vec![0_usize; n];
    for &p in &part {
        sizes[p as usize] += 1;
    }
    let least = sizes.iter().copied().max().unwrap_or(0).min(ISLAND);
    part.into_iter().map(|p| sizes[p as usize] >= least).collect()
}

fn adjacency(graph: &TurnGraph, n: usize) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0_u32; n + 1];
    for link in &graph.links {
        first[link.from as usize + 1] += 1;
    }
    for k in 0..n {
        first[k + 1] += first[k];
    }
    let mut at = first.clone();
    let mut next = vec![0_u32; graph.links.len()];
    for link in &graph.links {
        let slot = &mut at[link.from as usize];
        next[*slot as usize] = link.to;
        *slot += 1;
    }
    (first, next)
}

/// The number of each node's part.
fn strong_parts(n: usize, first: &[u32], next: &[u32]) -> Vec<u32> {
    const NEW: u32 = u32::MAX;
    let (mut index, mut low) = (vec![NEW; n], vec![0_u32; n]);
    let mut part = vec![NEW; n];
    let (mut stack, mut calls): (Vec<u32>, Vec<(u32, u32)>) = (vec![], vec![]);
    let (mut counter, mut parts) = (0, 0);
    for root in 0..n as u32 {
        if index[root as usize] != NEW {
            continue;
        }
        calls.push((root, first[root as usize]));
        while let Some((v, edge)) = calls.pop() {
            let node = v as usize;
            if index[node] == NEW {
                (index[node], low[node]) = (counter, counter);
                counter += 1;
                stack.push(v);
            }
            if edge > first[node] {
                // Back from the child visited last.
                let child = next[edge as usize - 1] as usize;
                if part[child] == NEW {
                    low[node] = low[node].min(low[child]);
                }
            }
            if edge < first[node + 1] {
                calls.push((v, edge + 1));
                let child = next[edge as usize];
                if index[child as usize] == NEW {
                    calls.push((child, first[child as usize]));
                } else if part[child as usize] == NEW {
                    low[node] = low[node].min(index[child as usize]);
                }
                continue;
            }
            if low[node] == index[node] {
                while let Some(w) = stack.pop() {
                    part[w as usize] = parts;
                    if w == v {
                        break;
                    }
                }
                parts += 1;
            }
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_rings_and_a_bridge() {
        // 0→1→2→0, 2→3, 3→4→3
        let edges = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3)];
        let mut first = vec![0_u32; 6];
        for (a, _) in edges {
            first[a + 1] += 1;
        }
        for k in 0..5 {
            first[k + 1] += first[k];
        }
        let next: Vec<u32> = edges.iter().map(|e| e.1).collect();
        let part = strong_parts(5, &first, &next);
        assert!(part[0] == part[1] && part[1] == part[2]);
        assert!(part[3] == part[4] && part[3] != part[0]);
    }
}
