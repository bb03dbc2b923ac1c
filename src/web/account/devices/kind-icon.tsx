import {
  IconBrandAndroid,
  IconBrandApple,
  IconBrandWindows,
  IconDeviceDesktop,
  IconDevices,
} from '@tabler/icons-react'

const icons: Readonly<Record<string, typeof IconDevices>> = {
  apple: IconBrandApple,
  davx5: IconBrandAndroid,
  'davx5-groups': IconBrandAndroid,
  outlook: IconBrandWindows,
  thunderbird: IconDeviceDesktop,
  evolution: IconDeviceDesktop,
  kde: IconDeviceDesktop,
}

/** The picture of a kind of device; its name stands beside it. */
export function KindIcon({ kind }: { readonly kind: string | null }) {
  const Icon = icons[kind ?? ''] ?? IconDevices
  return <Icon size={26} stroke={1.5} aria-hidden />
}
