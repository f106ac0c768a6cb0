import { Play, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';

interface PlaySoundProps {
  /** Address of the sound. */
  readonly source: string;
  readonly name: string;
  readonly small?: boolean;
}

/** Plays a recording, and stops it. Ends with the component. */
export function PlaySound({ source, name, small = false }: PlaySoundProps) {
  const [playing, setPlaying] = useState(false);
  const [refused, setRefused] = useState(false);
  const sound = useRef<HTMLAudioElement | null>(null);
  useEffect(() => {
    const audio = new Audio(source);
    const ended = (): void => setPlaying(false);
    audio.addEventListener('ended', ended);
    sound.current = audio;
    setRefused(false);
    return () => {
      audio.removeEventListener('ended', ended);
      audio.pause();
      sound.current = null;
      setPlaying(false);
    };
  }, [source]);
  const toggle = (): void => {
    const audio = sound.current;
    if (!audio) return;
    if (playing) {
      audio.pause();
      audio.currentTime = 0;
      setPlaying(false);
      return;
    }
    setPlaying(true);
    audio.play().catch(() => {
      setPlaying(false);
      setRefused(true);
    });
  };
  return (
    <>
      <Button size={small ? 'small' : 'normal'} onClick={toggle} aria-label={`${playing ? 'Stop' : 'Play'} ${name}`}>
        {playing ? <Square size={13} aria-hidden /> : <Play size={13} aria-hidden />} {playing ? 'Stop' : 'Play'}
      </Button>
      {refused && <p role="status">It cannot be played here. Open the file in another program to hear it.</p>}
    </>
  );
}
