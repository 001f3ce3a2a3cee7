import { Text } from 'ink';
import { useContext } from 'react';
import { fitLine, type Line, type Span } from '../text/spans.ts';
import { styleOf, ThemeContext, type ThemeName } from '../theme.ts';

/** One line of exactly `columns` columns. Everything on screen is drawn by this, so everything is clean. */
export function LineView({ line, columns }: { readonly line: Line; readonly columns: number }) {
  const theme = useContext(ThemeContext);
  const spans = fitLine(line, columns);
  const [only] = spans;
  if (spans.length === 1 && only) {
    return (
      <Text wrap="truncate" {...styleOf(only.tone, theme)}>
        {only.text}
      </Text>
    );
  }
  return <Text wrap="truncate">{spans.map((piece, index) => pieceView(piece, index, theme))}</Text>;
}

function pieceView(piece: Span, index: number, theme: ThemeName) {
  if (piece.tone === 'plain') return piece.text;
  return (
    // Spans have no identity of their own: the whole line is drawn again.
    <Text key={index} {...styleOf(piece.tone, theme)}>
      {piece.text}
    </Text>
  );
}
