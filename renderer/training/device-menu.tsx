/** What trains: the devices with their reasons, the choice, and the native runtime's preparation. Content of the status bar's menu. */
export function DeviceMenu() {
  return <div className="device-menu" />;
}
