//! Writes an `.osm.pbf` file (<https://wiki.openstreetmap.org/wiki/PBF_Format>), uncompressed.

use geo::LngLat;

#[derive(Clone, Copy)]
pub enum Kind {
    Node = 0,
    Way = 1,
}

/// An extract under construction. A node given again replaces the earlier one.
#[derive(Default)]
pub struct Writer {
    strings: Vec<String>,
    nodes: Vec<(i64, Vec<u8>)>,
    ways: Vec<Vec<u8>>,
    relations: Vec<Vec<u8>>,
}

fn varint(out: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}

fn zigzag(v: i64) -> u64 {
    ((v << 1) ^ (v >> 63)) as u64
}

fn number(out: &mut Vec<u8>, field: u64, v: u64) {
    varint(out, field << 3);
    varint(out, v);
}

fn bytes(out: &mut Vec<u8>, field: u64, content: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

fn packed(out: &mut Vec<u8>, field: u64, values: impl IntoIterator<Item = u64>) {
    let mut content = vec![];
    for v in values {
        varint(&mut content, v);
    }
    bytes(out, field, &content);
}

fn deltas(values: impl IntoIterator<Item = i64>) -> Vec<u64> {
    let mut last = 0;
    values.into_iter().map(|v| zigzag(v - std::mem::replace(&mut last, v))).collect()
}

impl Writer {
    fn string(&mut self, s: &str) -> u64 {
        let at = self.strings.iter().position(|x| x == s);
        at.unwrap_or_else(|| {
            self.strings.push(s.to_owned());
            self.strings.len() - 1
        }) as u64
            + 1
    }

    fn tags(&mut self, out: &mut Vec<u8>, tags: &[(&str, &str)]) {
        let pairs: Vec<(u64, u64)> = tags.iter().map(|(k, v)| (self.string(k), self.string(v))).collect();
        packed(out, 2, pairs.iter().map(|p| p.0));
        packed(out, 3, pairs.iter().map(|p| p.1));
    }

    pub fn node(&mut self, id: i64, at: LngLat, tags: &[(&str, &str)]) {
        let mut out = vec![];
        number(&mut out, 1, zigzag(id));
        self.tags(&mut out, tags);
        let (lng, lat) = at.e7();
        number(&mut out, 8, zigzag(lat));
        number(&mut out, 9, zigzag(lng));
        self.nodes.retain(|n| n.0 != id);
        self.nodes.push((id, out));
    }

    pub fn way(&mut self, id: i64, nodes: &[i64], tags: &[(&str, &str)]) {
        let mut out = vec![];
        number(&mut out, 1, id as u64);
        self.tags(&mut out, tags);
        packed(&mut out, 8, deltas(nodes.iter().copied()));
        self.ways.push(out);
    }

    /// Drops as many of the ways given first as have been given anew at the end.
    pub fn replace_first_ways(&mut self, count: usize) {
        self.ways.drain(..count);
    }

    pub fn relation(&mut self, id: i64, tags: &[(&str, &str)], members: &[(&str, Kind, i64)]) {
        let mut out = vec![];
        number(&mut out, 1, id as u64);
        self.tags(&mut out, tags);
        let roles: Vec<u64> = members.iter().map(|m| self.string(m.0)).collect();
        packed(&mut out, 8, roles);
        packed(&mut out, 9, deltas(members.iter().map(|m| m.2)));
        packed(&mut out, 10, members.iter().map(|m| m.1 as u64));
        self.relations.push(out);
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut header = vec![];
        bytes(&mut header, 4, b"OsmSchema-V0.6");
        let mut block = vec![];
        let mut table = vec![];
        bytes(&mut table, 1, b"");
        for s in &self.strings {
            bytes(&mut table, 1, s.as_bytes());
        }
        bytes(&mut block, 1, &table);
        for (field, elements) in [
            (1, self.nodes.iter().map(|n| &n.1).collect::<Vec<_>>()),
            (3, self.ways.iter().collect()),
            (4, self.relations.iter().collect()),
        ] {
            let mut group = vec![];
            for element in elements {
                bytes(&mut group, field, element);
            }
            bytes(&mut block, 2, &group);
        }
        let mut file = vec![];
        blob(&mut file, "OSMHeader", &header);
        blob(&mut file, "OSMData", &block);
        file
    }
}

fn blob(file: &mut Vec<u8>, kind: &str, content: &[u8]) {
    let mut blob = vec![];
    bytes(&mut blob, 1, content);
    number(&mut blob, 2, content.len() as u64);
    let mut head = vec![];
    bytes(&mut head, 1, kind.as_bytes());
    number(&mut head, 3, blob.len() as u64);
    file.extend_from_slice(&(head.len() as u32).to_be_bytes());
    file.extend_from_slice(&head);
    file.extend_from_slice(&blob);
}
