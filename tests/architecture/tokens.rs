//! Splits Rust source into the tokens that the checks look at.
//!
//! Not a complete lexer: numbers and operators are approximate, but comments, strings, characters and lifetimes are
//! exact, since a brace or a path inside one of them means nothing.

/// The kind of a token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// An identifier or keyword.
    Word(String),
    /// `::`.
    Path,
    /// Any other character of the language.
    Mark(char),
    /// The text of a string literal, as written between its quotes.
    Text(String),
}

/// One token and its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) line: usize,
    /// Within an item under `#[cfg(test)]`.
    pub(super) test: bool,
    /// Within an attribute.
    pub(super) attribute: bool,
}

impl Token {
    pub(super) fn is(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// The tokens of a file.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader { chars: source.chars().collect(), at: 0, line: 1, tokens: Vec::new() };
    while reader.at < reader.chars.len() {
        reader.step();
    }
    let mut tokens = reader.tokens;
    mark_attributes(&mut tokens);
    mark_tests(&mut tokens);
    tokens
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn take(&mut self) -> char {
        let character = self.peek(0);
        self.at += 1;
        self.line += usize::from(character == '\n');
        character
    }

    fn push(&mut self, kind: Kind, line: usize) {
        self.tokens.push(Token { kind, line, test: false, attribute: false });
    }

    fn step(&mut self) {
        let line = self.line;
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => {
                while self.at < self.chars.len() && self.peek(0) != '\n' {
                    self.take();
                }
            }
            ('/', '*') => self.block_comment(),
            ('"', _) => self.string(line),
            ('b' | 'c', '"') => {
                self.take();
                self.string(line);
            }
            ('r', '"' | '#') if self.is_raw(1) => self.raw_string(1, line),
            ('b' | 'c', 'r') if self.is_raw(2) => self.raw_string(2, line),
            ('b', '\'') => {
                self.take();
                self.character();
            }
            ('\'', _) if self.is_lifetime() => {
                self.take();
                self.word();
            }
            ('\'', _) => self.character(),
            (':', ':') => {
                self.at += 2;
                self.push(Kind::Path, line);
            }
            (character, _) if is_word(character) => {
                let word = self.word();
                self.push(Kind::Word(word), line);
            }
            (character, _) => {
                self.take();
                if !character.is_whitespace() {
                    self.push(Kind::Mark(character), line);
                }
            }
        }
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while is_word(self.peek(0)) {
            word.push(self.take());
        }
        word
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => {
                    depth += 1;
                    self.at += 2;
                }
                ('*', '/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => {
                    self.take();
                }
            }
        }
    }

    fn string(&mut self, line: usize) {
        self.take();
        let mut text = String::new();
        while self.at < self.chars.len() && self.peek(0) != '"' {
            let character = self.take();
            text.push(character);
            if character == '\\' {
                text.push(self.take());
            }
        }
        self.take();
        self.push(Kind::Text(text), line);
    }

    /// Whether hashes and a quote follow, which `r#name` lacks.
    fn is_raw(&self, prefix: usize) -> bool {
        let mut ahead = prefix;
        while self.peek(ahead) == '#' {
            ahead += 1;
        }
        self.peek(ahead) == '"'
    }

    fn raw_string(&mut self, prefix: usize, line: usize) {
        self.at += prefix;
        let mut hashes = 0;
        while self.peek(0) == '#' {
            self.take();
            hashes += 1;
        }
        self.take();
        let mut text = String::new();
        while self.at < self.chars.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#') {
                self.at += 1 + hashes;
                break;
            }
            text.push(self.take());
        }
        self.push(Kind::Text(text), line);
    }

    /// `'a` without a quote after it; `'a'` is a character.
    fn is_lifetime(&self) -> bool {
        is_word(self.peek(1)) && self.peek(2) != '\''
    }

    fn character(&mut self) {
        self.take();
        while self.at < self.chars.len() {
            match self.take() {
                '\\' => {
                    self.take();
                }
                '\'' => return,
                _ => {}
            }
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The place after the bracket that closes the one at `open`.
fn after_closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (place, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Mark('(' | '[' | '{') => depth += 1,
            Kind::Mark(')' | ']' | '}') => {
                depth -= 1;
                if depth == 0 {
                    return place + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

fn mark_attributes(tokens: &mut [Token]) {
    let mut place = 0;
    while place < tokens.len() {
        let mark = |ahead: usize, mark| tokens.get(place + ahead).is_some_and(|token| token.is(mark));
        let open = match (mark(0, '#'), mark(1, '['), mark(1, '!') && mark(2, '[')) {
            (true, true, _) => place + 1,
            (true, _, true) => place + 2,
            _ => {
                place += 1;
                continue;
            }
        };
        let end = after_closing(tokens, open);
        tokens[place..end].iter_mut().for_each(|token| token.attribute = true);
        place = end;
    }
}

/// Marks the item after `#[cfg(test)]`: it ends at its own `;` or closing brace.
fn mark_tests(tokens: &mut [Token]) {
    const GATE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let spelled = |token: &Token, text: &str| match &token.kind {
        Kind::Word(word) => word == text,
        Kind::Mark(mark) => text.chars().eq([*mark]),
        _ => false,
    };
    let mut place = 0;
    while place + GATE.len() <= tokens.len() {
        let end_of_gate = place + GATE.len();
        if !tokens[place..end_of_gate].iter().zip(GATE).all(|(token, text)| spelled(token, text)) {
            place += 1;
            continue;
        }
        let mut end = end_of_gate;
        while end < tokens.len() {
            match tokens[end].kind {
                Kind::Mark(';') => {
                    end += 1;
                    break;
                }
                Kind::Mark('{') => {
                    end = after_closing(tokens, end);
                    break;
                }
                Kind::Mark('(' | '[') => end = after_closing(tokens, end),
                _ => end += 1,
            }
        }
        tokens[place..end].iter_mut().for_each(|token| token.test = true);
        place = end;
    }
}
