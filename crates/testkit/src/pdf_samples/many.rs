//! Files of very many pages.

use std::io::Write;

use pdf::XrefKind;

/// A file of so many pages, each with its own content. A node of the page tree has at most `fan` kids;
/// `usize::MAX` makes one flat list. With [`XrefKind::Stream`] everything but contents stands in object streams of
/// 100 objects.
#[must_use]
pub fn many_pages(kind: XrefKind, pages: usize, fan: usize) -> Vec<u8> {
    let mut file = File::new(kind == XrefKind::Stream);
    let catalog = file.allocate();
    // Of each level of the tree, the number of each node or page; the pages first.
    let mut level: Vec<(usize, usize)> = (0..pages).map(|_| (file.allocate(), 1)).collect();
    let mut below: Vec<Vec<(usize, usize)>> = Vec::new();
    while below.is_empty() || level.len() > 1 {
        let groups = level.chunks(fan).map(<[_]>::to_vec).collect::<Vec<_>>();
        level =
            groups.iter().map(|kids| (file.allocate(), kids.iter().map(|(_, count)| count).sum())).collect();
        for ((node, count), kids) in level.iter().zip(&groups) {
            let list: String = kids.iter().map(|(kid, _)| format!("{kid} 0 R ")).collect();
            file.nodes.push((*node, format!("/Type/Pages/Kids[{list}]/Count {count}")));
            for (kid, _) in kids {
                file.parents.push((*kid, *node));
            }
        }
        below.push(level.clone());
    }
    file.put(catalog, &format!("<</Type/Catalog/Pages {} 0 R>>", level[0].0));
    file.parents.sort_unstable();
    let parent = |file: &File, number: usize| {
        let at = file.parents.binary_search_by_key(&number, |(kid, _)| *kid);
        at.map_or(String::new(), |at| format!("/Parent {} 0 R", file.parents[at].1))
    };
    for (number, text) in std::mem::take(&mut file.nodes) {
        let parent = parent(&file, number);
        file.put(number, &format!("<<{text}{parent}>>"));
    }
    for page in 0..pages {
        let content = file.allocate();
        let text = format!("0 0 {} 10 re f", page % 500);
        file.plain(content, &format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()));
        let number = catalog + 1 + page;
        let parent = parent(&file, number);
        file.put(
            number,
            &format!("<</Type/Page{parent}/MediaBox[0 0 595 842]/Resources<<>>/Contents {content} 0 R>>"),
        );
    }
    file.finish(catalog)
}

#[derive(Clone, Copy)]
enum Row {
    Free,
    Offset(usize),
    Compressed(usize, usize),
}

struct File {
    out: Vec<u8>,
    rows: Vec<Row>,
    nodes: Vec<(usize, String)>,
    parents: Vec<(usize, usize)>,
    /// The objects of the object stream being filled; `None` where there are to be none.
    waiting: Option<Vec<(usize, String)>>,
}

impl File {
    fn new(has_streams: bool) -> Self {
        Self {
            out: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(),
            rows: vec![Row::Free],
            nodes: Vec::new(),
            parents: Vec::new(),
            waiting: has_streams.then(Vec::new),
        }
    }

    fn allocate(&mut self) -> usize {
        self.rows.push(Row::Free);
        self.rows.len() - 1
    }

    fn put(&mut self, number: usize, text: &str) {
        let Some(waiting) = &mut self.waiting else { return self.plain(number, text) };
        waiting.push((number, text.to_owned()));
        if waiting.len() == 100 {
            self.flush();
        }
    }

    fn plain(&mut self, number: usize, text: &str) {
        self.rows[number] = Row::Offset(self.out.len());
        self.text(&format!("{number} 0 obj\n{text}\nendobj\n"));
    }

    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn flush(&mut self) {
        let Some(waiting) = self.waiting.as_mut().filter(|waiting| !waiting.is_empty()) else { return };
        let objects = std::mem::take(waiting);
        let stream = self.allocate();
        let (mut index, mut body) = (String::new(), String::new());
        for (at, (number, text)) in objects.iter().enumerate() {
            index.push_str(&format!("{number} {} ", body.len()));
            body.push_str(text);
            body.push('\n');
            self.rows[*number] = Row::Compressed(stream, at);
        }
        let dict = format!("/Type/ObjStm/N {}/First {}", objects.len(), index.len());
        let length = index.len() + body.len();
        self.plain(stream, &format!("<<{dict}/Length {length}>>\nstream\n{index}{body}\nendstream"));
    }

    fn finish(mut self, catalog: usize) -> Vec<u8> {
        self.flush();
        let id = "[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]";
        let at = self.out.len();
        if self.waiting.is_some() {
            let own = self.allocate();
            self.rows[own] = Row::Offset(at);
            let mut data = Vec::with_capacity(self.rows.len() * 7);
            for row in &self.rows {
                let (kind, second, third) = match *row {
                    Row::Free => (0, 0, 0),
                    Row::Offset(offset) => (1, offset, 0),
                    Row::Compressed(stream, index) => (2, stream, index),
                };
                data.push(kind);
                data.extend_from_slice(&u32::try_from(second).expect("a short file").to_be_bytes());
                data.extend_from_slice(&u16::try_from(third).expect("a short stream").to_be_bytes());
            }
            let dict = format!("/Type/XRef/W[1 4 2]/Size {}/Root {catalog} 0 R/ID{id}", self.rows.len());
            self.text(&format!("{own} 0 obj\n<<{dict}/Length {}>>\nstream\n", data.len()));
            self.out.extend_from_slice(&data);
            self.text("\nendstream\nendobj\n");
        } else {
            self.text(&format!("xref\n0 {}\n0000000000 65535 f \n", self.rows.len()));
            for row in &self.rows[1..] {
                if let Row::Offset(offset) = row {
                    // Writing to a vector cannot fail.
                    let _ = writeln!(self.out, "{offset:010} 00000 n ");
                }
            }
            self.text(&format!("trailer\n<</Size {}/Root {catalog} 0 R/ID{id}>>\n", self.rows.len()));
        }
        self.text(&format!("startxref\n{at}\n%%EOF\n"));
        self.out
    }
}
